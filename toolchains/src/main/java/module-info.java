/** Workers from sources, by the compilers of this machine. */
module dev.cloche.toolchains {
    requires com.fasterxml.jackson.databind;
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.workers;

    exports dev.cloche.toolchains;
}
