"""A real S3 service for tests: moto on a port of its own."""

import contextlib
import uuid

import boto3
from moto.server import ThreadedMotoServer

OPTIONS = {"access_key_id": "tester", "secret_access_key": "not a secret", "region": "eu-west-1"}


@contextlib.contextmanager
def an_object_store(kind):
    """Settings of an app for a `local` store (none) or an `s3` store with a bucket of its own."""
    if kind == "local":
        yield {}
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        name = f"blender-{uuid.uuid4().hex[:8]}"  # every service in one process shares its buckets
        bucket(endpoint).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": OPTIONS["region"]})
        yield {"STORAGE_URL": f"s3://{name}/files", "STORAGE_OPTIONS": OPTIONS | {"endpoint": endpoint}}
    finally:
        server.stop()


def bucket(endpoint):
    """The same service through Amazon's own client, to look behind our back."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=OPTIONS["access_key_id"],
        aws_secret_access_key=OPTIONS["secret_access_key"],
        region_name=OPTIONS["region"],
    )
