package dev.cloche.http;

import java.util.Optional;

/** The files that the front end's build made, and the pages of each site. Only asked for {@code GET} and {@code HEAD}. */
public interface Assets {
    /** A file or screen of the control plane. */
    Optional<Response> control(Request request);

    /** What the platform itself serves on a user-content origin: its reserved paths and its own page there. */
    Optional<Response> content(Site site, Request request);

    /** The boot page of an app that runs in the visitor's tab, for any path on the app's origin. */
    Response appPage(Request request);

    /** No files at all. */
    static Assets none() {
        return new Assets() {
            @Override
            public Optional<Response> control(Request request) {
                return Optional.empty();
            }

            @Override
            public Optional<Response> content(Site site, Request request) {
                return Optional.empty();
            }

            @Override
            public Response appPage(Request request) {
                throw Router.noSuchPath(request);
            }
        };
    }
}
