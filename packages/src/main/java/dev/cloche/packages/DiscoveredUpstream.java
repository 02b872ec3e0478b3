package dev.cloche.packages;

import dev.cloche.packages.PackageSource.Unreachable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The upstream of this machine, found when it is first needed, so that the start of the server does not wait for it. */
final class DiscoveredUpstream implements Upstream, AutoCloseable {
    private final Supplier<Upstream> finding;
    private @Nullable Upstream found;
    private boolean closed;

    /** Finds it by this. */
    DiscoveredUpstream(Supplier<Upstream> finding) {
        this.finding = finding;
    }

    @Override
    public String key() {
        return get().key();
    }

    @Override
    public Optional<List<IndexFile>> project(ProjectName project) throws Unreachable {
        return get().project(project);
    }

    @Override
    public Optional<byte[]> metadata(IndexFile wheel) throws Unreachable {
        return get().metadata(wheel);
    }

    @Override
    public <T> T file(IndexFile file, Receiver<T> receiver) throws Unreachable, IOException {
        return get().file(file, receiver);
    }

    private synchronized Upstream get() {
        if (closed) {
            return new None("The server is stopping.");
        }
        if (found == null) {
            found = finding.get();
        }
        return found;
    }

    @Override
    public synchronized void close() throws Exception {
        closed = true;
        if (found instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
