package dev.cloche.coordinator;

import dev.cloche.identity.Actor;
import dev.cloche.identity.ProjectId;
import dev.cloche.workers.MachineLoad;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Places as the API shows them. */
final class NodeViews {
    private final Nodes nodes;
    private final Server server;
    private final MachineLoad machine = new MachineLoad();

    /**
     * The server as a place.
     *
     * @param ran calls that it ran, and those that failed
     */
    record Server(LocalPlace place, LocalWorkers workers, Instant since) {}

    /** The schema {@code WorkerNode} of {@code openapi.yaml}. */
    record NodeView(
            String id, String kind, String name, Optional<String> person, String engine, boolean simd, int slots, int busy, double load, long ran, long failed, Optional<Double> meanMs,
            Optional<String> publicUrl, List<String> workers, Instant connectedAt, Instant seenAt, boolean draining, boolean own) {}

    NodeViews(Nodes nodes, Server server) {
        this.nodes = nodes;
        this.server = server;
    }

    /** The server, and those that work for any of these projects. */
    List<NodeView> of(Set<ProjectId> projects, Actor actor) {
        List<NodeView> list = new ArrayList<>();
        LocalPlace local = server.place();
        list.add(new NodeView(LocalPlace.ID, PlaceKind.LOCAL.label(), LocalPlace.NAME, Optional.empty(), server.workers().engine(), server.workers().simd(), local.slots(), local.busy(),
                machine.now(), local.ran(), local.failed(), local.ran() == 0 ? Optional.empty() : Optional.of(local.meanMs()), Optional.empty(), List.of(), server.since(), Instant.now(), false, false));
        nodes.all().forEach(link -> {
            if (!Collections.disjoint(link.projects(), projects) || link.owner().person().equals(actor.person())) {
                link.view().ifPresent(view -> list.add(view(link, view, actor)));
            }
        });
        return list;
    }

    private static NodeView view(NodeLink link, NodeLink.View view, Actor actor) {
        return new NodeView(link.id(), link.kind().label(), view.hello().name(), Optional.of(view.owner().name()), view.hello().engine(), view.hello().simd(), view.hello().slots(), view.busy(),
                view.load(), view.ran(), view.failed(), view.ran() == 0 ? Optional.empty() : Optional.of(view.meanMs()), view.publicUrl(), view.workers(), view.connectedAt(), view.seenAt(), view.draining(),
                view.owner().person().equals(actor.person()));
    }
}
