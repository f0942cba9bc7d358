#!/bin/sh
# TorchSharp's native library is built for the C++ library of GCC 13, and asks it for one function that earlier ones lack, as that of Debian 12: the one
# that sets up the standard streams. There, this makes a small library that has the function, and lets TorchSharp's library ask that one.
# $1: the copy of TorchSharp's library in a build's output.
set -eu
export LC_ALL=C

library=$1
if ! ldd "$library" 2>&1 | grep -q "GLIBCXX_3\.4\.32' not found"; then
    exit 0
fi

for program in g++ readelf patchelf; do
    if ! command -v "$program" > /dev/null; then
        echo "TorchSharp will not load here: the system's C++ library is older than that of GCC 13, and $program, which would help, is not installed."
        exit 0
    fi
done

folder=$(dirname "$library")
work=$(mktemp -d "$folder/older-linux.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The loader wants the small library to have all versions that were asked for, though only the newest has a function in it.
readelf -V -W "$library" | awk '
    / File: / { on = index($0, "File: libstdc++.so.6 ") }
    on && / Name: / { print $3, ($3 == "GLIBCXX_3.4.32" ? "{ global: _ZSt21ios_base_library_initv; local: *; };" : "{ };") }' > "$work/versions"

# Streams are set up by <iostream> itself, when this is loaded.
g++ -shared -fPIC -x c++ - -o "$work/libstreams.so" -Wl,-soname,libstreams.so -Wl,--version-script="$work/versions" << 'CPP'
#include <iostream>
extern "C" void _ZSt21ios_base_library_initv() { }
CPP

# Never in place: what was copied may be a link to the package.
cp "$library" "$work/library.so"
patchelf --replace-needed libstdc++.so.6 libstreams.so "$work/library.so"
mv "$work/libstreams.so" "$folder/libstreams.so"
mv -f "$work/library.so" "$library"
