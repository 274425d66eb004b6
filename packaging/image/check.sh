#!/usr/bin/env bash
# The image that `mvn -Ppackages package` made: built again it has the same digest, and it is no larger than it may be. 77
# where there is none.
set -euo pipefail
here="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
made="$here/target" again="$here/target/again"
largest=$((90 * 1000 * 1000))
[ -r "$made/attache-image.tar" ] || { echo "no image: mvn -Ppackages package makes it, where Debian packages can be had"; exit 77; }

# as KEY : how the image was built.
as() { sed -n "s/^$1=//p" "$made/image.properties"; }

rm -rf "$again"
mkdir "$again"
"$here/system.sh" "$again/system" "$made/debian" "$(as base)"
"$(as java)" -Dimage.name="$(as name)" -Dimage.base="$(as base)" -Dimage.revision="$(as revision)" \
    -classpath "$made/classes:$(cat "$made/classpath")" dev.attache.image.ImageMain "$(as dist)" "$again/system" \
    "$here/src/main/image" "$made/maven.json" "$again"
cmp "$made/digest" "$again/digest"
cmp "$made/attache-image.tar" "$again/attache-image.tar"
size="$(stat -c %s "$made/attache-image.tar")"
[ "$size" -le "$largest" ] || { echo "the image has $size bytes, more than $largest"; exit 1; }
rm -rf "$again"
echo "the image: $(cat "$made/digest"), $size bytes, twice the same"
