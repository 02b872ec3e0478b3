package dev.cloche.coordinator;

import dev.cloche.http.Socket;
import dev.cloche.identity.Actor;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The nodes and tabs that lend themselves at the moment. Any thread. */
final class Nodes implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Nodes.class.getName());
    private static final int MOST = 1000;
    private static final int MOST_OF_A_PERSON = 200;

    private final InstantSource clock;
    private final RandomIds ids;
    private final Duration silence;
    private final Sources sources;
    private final Signal changes;
    private final PlaceNames names = new PlaceNames();
    private final Map<String, NodeLink> opened = new ConcurrentHashMap<>();
    private final List<NodeLink> ready = new CopyOnWriteArrayList<>();
    /** One look at a time, so that none overwrites what a later one found. */
    private final CatchUp rights = new CatchUp(this::look);

    /**
     * What it asks others.
     *
     * @param projects whose work somebody may do; empty once the session or token by which they came does not hold any more
     * @param files of workers by digest, of these projects
     * @param gone hears of nodes that left
     */
    record Sources(Function<Actor, Set<ProjectId>> projects, BiFunction<Set<ProjectId>, String, Optional<Given>> files, java.util.function.Consumer<String> gone) {}

    /** A worker's file. */
    @SuppressWarnings("ArrayRecordComponent") // files are large, and nobody compares them
    record Given(String name, byte[] file) {}

    /**
     * None yet.
     *
     * @param silence after which a node counts as dead
     * @param changes given when nodes come and go
     */
    Nodes(InstantSource clock, RandomIds ids, Duration silence, Sources sources, Signal changes) {
        this.changes = changes;
        this.clock = clock;
        this.ids = ids;
        this.silence = silence;
        this.sources = sources;
    }

    /** Begins a link; the node says hello next. */
    NodeLink open(NodeLink.Owner owner, Socket socket) {
        NodeLink link = new NodeLink(ids.next(), owner, this, socket, clock);
        opened.put(link.id(), link);
        return link;
    }

    /** Refuses one more where there are too many. */
    void refuseTooMany(PersonId person) {
        long own = opened.values().stream().filter(link -> link.owner().person().equals(person)).count();
        if (opened.size() >= MOST || own >= MOST_OF_A_PERSON) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "There are " + (own >= MOST_OF_A_PERSON ? MOST_OF_A_PERSON + " nodes and tabs of yours" : MOST + " nodes and tabs") + ", which is the most.");
        }
    }

    /** Those that said hello. */
    List<NodeLink> all() {
        return ready;
    }

    /** Their names, also of those that left not long ago. */
    PlaceNames names() {
        return names;
    }

    /** The node or tab with this identifier. */
    Optional<NodeLink> find(String id) {
        return Optional.ofNullable(opened.get(id));
    }

    void joined(NodeLink link) {
        Thread.ofVirtual().name("node-joined").start(() -> {
            reconsider();
            if (opened.containsKey(link.id()) && !ready.contains(link)) {
                link.view().ifPresent(view -> names.note(link.id(), view.hello().name()));
                ready.add(link);
                LOG.log(System.Logger.Level.INFO, "event=node_joined node={0} kind={1}", link.id(), link.kind().label());
            }
            changes.give();
        });
    }

    void left(NodeLink link) {
        opened.remove(link.id());
        if (ready.remove(link)) {
            LOG.log(System.Logger.Level.INFO, "event=node_left node={0} kind={1}", link.id(), link.kind().label());
            sources.gone().accept(link.id());
        }
        changes.give();
    }

    void changed() {
        changes.give();
    }

    /** A node lacks a worker. */
    void needed(NodeLink link, String digest) {
        Thread.ofVirtual().name("node-needs").start(() -> {
            Optional<Given> given = digest.matches("[0-9a-f]{64}") ? sources.files().apply(link.projects(), digest) : Optional.empty();
            // where there is none, its calls run out of time: the worker was deleted meanwhile
            given.ifPresent(file -> link.give(digest, file.name(), file.file()));
        });
    }

    /** Ends links that are silent, and looks at what those who lent them may do; called every few seconds. */
    void watch() {
        long now = System.nanoTime();
        opened.values().forEach(link -> {
            if (now - link.heard() > silence.toNanos()) {
                link.end(Socket.POLICY, "nothing was heard of you for " + silence.toSeconds() + " s");
            }
        });
        reconsider();
    }

    /**
     * Looks at what those who lent them may do, and ends links of those who may do nothing any more; returns when that is done.
     * On the caller's thread: whoever takes rights away has no answer before the links have ended.
     */
    void reconsider() {
        rights.run();
    }

    private void look() {
        opened.values().stream().collect(Collectors.groupingBy(link -> link.owner().actor())).forEach(this::refresh);
    }

    private void refresh(Actor actor, List<NodeLink> links) {
        try {
            Set<ProjectId> projects = sources.projects().apply(actor);
            if (projects.isEmpty()) {
                links.forEach(link -> link.end(Socket.POLICY, "you may not lend this any more: your token or session has ended, or you are no member of a project"));
            } else {
                links.forEach(link -> link.setProjects(projects));
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "event=node_rights_unknown person=" + actor.person().value(), e);
        }
    }

    @Override
    public void close() {
        opened.values().forEach(link -> link.end(Socket.GOING_AWAY, "the server stops"));
    }
}
