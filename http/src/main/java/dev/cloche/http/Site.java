package dev.cloche.http;

/** Which of the platform's origins a request was sent to; see {@link Origins}. */
public sealed interface Site {
    /** Where the front door leaves the site for the handlers. */
    Request.Attribute<Site> ATTRIBUTE = new Request.Attribute<>("site", Site.class);

    /** The control plane: screens and API. */
    record Control() implements Site {}

    /**
     * The origin of the page in which the engines of a workspace live; user content.
     *
     * @param workspaceId the workspace's identifier, of the right shape, not known to exist
     */
    record EngineHost(String workspaceId) implements Site {}

    /**
     * The origin of what a program of a workspace serves on a port; user content.
     *
     * @param workspaceId the workspace's identifier, of the right shape, not known to exist
     * @param port the port in the engine
     */
    record Preview(String workspaceId, int port) implements Site {}

    /** The origin of the page in which WebAssembly workers run in a tab; one for all of them, since they have only their own memory. */
    record WorkerHost() implements Site {}

    /**
     * The origin of a published app; user content.
     *
     * @param name the app's name, of the right shape, not known to exist
     */
    record App(String name) implements Site {}
}
