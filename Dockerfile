FROM python:3.13-slim
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE config.yaml ./
COPY service service
COPY policies policies
COPY bundle bundle
RUN pip install --no-cache-dir --no-deps -e . && useradd --system modelward && install -d -o modelward /data
USER modelward
# The database and its lock file lie here; nothing else is written.
VOLUME /data
ENV MODELWARD_DATABASE_URL=sqlite:////data/modelward.db
EXPOSE 4000
ENTRYPOINT ["modelward"]
CMD ["serve", "/app/config.yaml", "--host=0.0.0.0"]
