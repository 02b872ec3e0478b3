package dev.cloche.server;

import dev.cloche.http.Origins;
import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Problem;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the operator decides about the server as a whole.
 *
 * @param bind the numeric address to listen on ({@code bind})
 * @param port the port to listen on, 0 for a free one ({@code port})
 * @param assets the folder with the built front end, engines and wheels ({@code assets})
 * @param scheme how browsers come: {@code https} behind a proxy that does TLS ({@code public.scheme})
 * @param domain the control plane's name; user content lives below it ({@code public.domain})
 * @param publicPort the port that browsers use, if it is another one ({@code public.port})
 */
public record ServerSettings(
        String bind, int port, Optional<Path> assets, String scheme, String domain, Optional<Integer> publicPort) {
    /** The settings in this configuration. */
    public static ServerSettings from(Configuration configuration) {
        int publicPort = configuration.integer("public.port", 0, 0, 65535);
        return new ServerSettings(
                configuration.text("bind", "127.0.0.1"),
                configuration.integer("port", 3000, 0, 65535),
                configuration.path("assets").map(Path::toAbsolutePath),
                configuration.text("public.scheme", "http"),
                configuration.text("public.domain", Origins.LOCAL_DOMAIN),
                publicPort == 0 ? Optional.empty() : Optional.of(publicPort));
    }

    /** The origins of a server that listens on this port. */
    Origins origins(int listening) {
        try {
            return new Origins(scheme, domain, publicPort.orElse(listening));
        } catch (IllegalArgumentException e) {
            throw Problem.field("public", "pattern", "The settings 'public.scheme' and 'public.domain' do not fit: " + e.getMessage() + ".");
        }
    }
}
