"""Unpacks an image in OCI's form, as a container runtime does before it starts a container of it.

    unpack.py ARCHIVE DIRECTORY

Checks the digest of every part, lays the layers over each other in DIRECTORY/root with owners and modes, and writes beside
it, each item ended by NUL, entrypoint, arguments and environment, and user as text. Needs root.
"""
import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile


def main(archive, directory):
    root = f"{directory}/root"
    os.makedirs(root)
    with tarfile.open(archive) as image:

        def blob(descriptor):
            content = image.extractfile("blobs/" + descriptor["digest"].replace(":", "/")).read()
            found = "sha256:" + hashlib.sha256(content).hexdigest()
            if found != descriptor["digest"]:
                sys.exit(f"{archive}: {descriptor['digest']} is {found}")
            return content

        index = json.load(image.extractfile("index.json"))
        manifest = json.loads(blob(index["manifests"][0]))
        config = json.loads(blob(manifest["config"]))
        for descriptor, plain in zip(manifest["layers"], config["rootfs"]["diff_ids"], strict=True):
            layer = gzip.decompress(blob(descriptor))
            if "sha256:" + hashlib.sha256(layer).hexdigest() != plain:
                sys.exit(f"{archive}: the layer {descriptor['digest']} is not {plain}")
            with tarfile.open(fileobj=io.BytesIO(layer)) as files:
                lay(files, root)
    started = config["config"]
    for part, items in {
        "entrypoint": started.get("Entrypoint", []),
        "arguments": started.get("Cmd", []),
        "environment": started.get("Env", []),
    }.items():
        with open(f"{directory}/{part}", "w", encoding="utf-8") as out:
            out.write("".join(f"{item}\0" for item in items))
    with open(f"{directory}/user", "w", encoding="utf-8") as out:
        out.write(started.get("User", "0:0"))


def lay(files, root):
    for member in files:
        place = f"{root}/{member.name}"
        if os.path.basename(member.name).startswith(".wh."):
            sys.exit(f"{member.name}: a layer takes files away, which none of ours does")
        if os.path.isdir(place) and member.isdir():
            if not os.path.islink(place):
                os.chmod(place, member.mode)
                os.chown(place, member.uid, member.gid)
        else:
            if os.path.isdir(place) and not os.path.islink(place):
                shutil.rmtree(place)
            files.extract(member, root, numeric_owner=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
