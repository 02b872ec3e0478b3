. /w/recipe/steps/env.sh
fresh markupsafe 3.0.3
rm -rf /w/trees/markupsafe && mkdir -p /w/trees/markupsafe/site
cp -r src/markupsafe /w/trees/markupsafe/site/
emcc -O2 -DNDEBUG $INCLUDE -c src/markupsafe/_speedups.c
emcc -shared _speedups.o -o "/w/trees/markupsafe/site/markupsafe/_speedups$SUFFIX"
