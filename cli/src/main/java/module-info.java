/** The cloche command: a client of the public API, and the commands for the machine itself. */
module dev.cloche.cli {
    requires dev.cloche.bindings;
    requires dev.cloche.kernel;
    requires dev.cloche.modules;
    requires dev.cloche.toolchains;
    requires info.picocli;
    requires java.logging;
    requires java.net.http;

    opens dev.cloche.cli to info.picocli;
}
