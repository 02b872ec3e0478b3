. /w/recipe/steps/env.sh
fresh kiwisolver 1.5.0
rm -rf /w/trees/kiwisolver && mkdir -p /w/trees/kiwisolver/site
cp -r py/kiwisolver /w/trees/kiwisolver/site/
cppy=$(/w/tools/bin/python -c 'import cppy; print(cppy.get_include())')
for file in py/src/*.cpp; do
  em++ -O2 -DNDEBUG -std=c++11 -I. -I"$cppy" $INCLUDE -DFORCE_CPPY -c "$file"
done
em++ -shared *.o -o "/w/trees/kiwisolver/site/kiwisolver/_cext$SUFFIX"
