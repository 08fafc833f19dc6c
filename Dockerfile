FROM python:3.13-slim
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE config.yaml ./
COPY service service
COPY policies policies
COPY bundle bundle
RUN pip install --no-cache-dir --no-deps -e . && useradd --system modelward
USER modelward
EXPOSE 4000
ENTRYPOINT ["modelward"]
CMD ["serve", "/app/config.yaml", "--host=0.0.0.0"]
