/** The cloche command: a client of the public API, and the commands for the machine itself. */
module dev.cloche.cli {
    requires dev.cloche.kernel;
    requires info.picocli;
    requires java.net.http;

    opens dev.cloche.cli to info.picocli;
}
