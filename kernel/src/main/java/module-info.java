/** Identifiers, problems, JSON, configuration, lifecycle. */
module dev.cloche.kernel {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires static org.tomlj;

    exports dev.cloche.kernel;
}
