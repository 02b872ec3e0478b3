package dev.cloche.packages;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the package index that this machine's own tools use, in this order: the product's setting, the environment, the
 * configuration files of pip, the default that the installed pip knows. None of our files names a registry.
 */
final class UpstreamFinder {
    private static final System.Logger LOG = System.getLogger(UpstreamFinder.class.getName());
    private static final List<String> VARIABLES = List.of("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL");
    /** Two places in pip where its own default stands, for older and newer ones. */
    private static final String ASK_PIP = """
            try:
                from pip._internal.models.index import PyPI
            except ImportError:
                from pip.models.index import PyPI
            print(PyPI.simple_url)
            """;

    private final Optional<URI> setting;
    private final Map<String, String> environment;
    private final PipConfiguration pip;
    private final List<String> python;

    /** What was found. */
    sealed interface Found {
        /** An index; {@code origin} says by which of the ways. */
        record Index(UpstreamAddress address, String origin) implements Found {}

        /** None, and why. */
        record Nothing(String why) implements Found {}
    }

    /** A finder; {@code python} is the command of an interpreter with pip. */
    UpstreamFinder(Optional<URI> setting, Map<String, String> environment, PipConfiguration pip, List<String> python) {
        this.setting = setting;
        this.environment = Map.copyOf(environment);
        this.pip = pip;
        this.python = List.copyOf(python);
    }

    /** The finder of this machine. */
    static UpstreamFinder ofThisMachine(Optional<URI> setting) {
        return new UpstreamFinder(setting, System.getenv(), PipConfiguration.ofThisMachine(), List.of("python3", "-I", "-c", ASK_PIP));
    }

    /** The index; may run pip once, which takes some hundred milliseconds. */
    Found find() {
        try {
            return search();
        } catch (IllegalArgumentException e) {
            return new Found.Nothing("The package index that this machine is set to cannot be used: " + e.getMessage() + ".");
        }
    }

    private Found search() {
        if (setting.isPresent()) {
            return index(setting.get().toString(), "setting");
        }
        if (isTrue(environment.get("PIP_NO_INDEX")) || isTrue(pip.value("no-index").orElse(""))) {
            return new Found.Nothing("This machine's pip is set to use no package index.");
        }
        for (String variable : VARIABLES) {
            String url = environment.getOrDefault(variable, "");
            if (!url.isBlank()) {
                return index(url, variable);
            }
        }
        Optional<String> configured = pip.value("index-url").or(() -> pip.value("i"));
        if (configured.isPresent()) {
            return index(configured.get(), "pip.conf");
        }
        return askPip().<Found>map(url -> index(url, "pip"))
                .orElse(new Found.Nothing("No package index is known: set packages.index, or install pip on the server."));
    }

    private Found index(String url, String origin) {
        UpstreamAddress plain = UpstreamAddress.of(url, Optional.empty());
        UpstreamAddress address = UpstreamAddress.of(url, proxy(plain.simple()));
        LOG.log(System.Logger.Level.INFO, "event=package-index origin={0} proxy={1}", origin, address.proxy().isPresent());
        return new Found.Index(address, origin);
    }

    private Optional<URI> proxy(URI index) {
        String scheme = index.getScheme();
        String given = variable(scheme + "_proxy").or(() -> pip.value("proxy")).or(() -> variable("all_proxy")).orElse("");
        String without = variable("no_proxy").orElse("");
        String host = index.getHost().toLowerCase(Locale.ROOT);
        for (String entry : without.toLowerCase(Locale.ROOT).split(",")) {
            String suffix = entry.strip().replaceFirst("^\\*?\\.", "");
            if (entry.strip().equals("*") || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
                return Optional.empty();
            }
        }
        if (given.isBlank()) {
            return Optional.empty();
        }
        URI proxy = URI.create(given.contains("://") ? given : "http://" + given);
        if (proxy.getHost() == null) {
            throw new IllegalArgumentException("the proxy is not a URL");
        }
        return Optional.of(proxy);
    }

    private Optional<String> variable(String lowerCase) {
        return Optional.ofNullable(environment.get(lowerCase))
                .or(() -> Optional.ofNullable(environment.get(lowerCase.toUpperCase(Locale.ROOT))))
                .filter(v -> !v.isBlank());
    }

    private Optional<String> askPip() {
        try {
            Process process = new ProcessBuilder(python).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    return Optional.empty();
                }
                byte[] said = process.getInputStream().readNBytes(2_000);
                return Optional.of(new String(said, StandardCharsets.UTF_8).strip()).filter(u -> !u.isEmpty());
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean isTrue(@Nullable String text) {
        return text != null && List.of("1", "true", "yes", "on").contains(text.strip().toLowerCase(Locale.ROOT));
    }
}
