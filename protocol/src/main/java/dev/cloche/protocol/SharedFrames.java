package dev.cloche.protocol;

import dev.cloche.databases.Call;
import dev.cloche.databases.QuerySetChange;
import dev.cloche.values.BsatnWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last update of a database in each version of the protocol. Clients that watch the same queries under the same numbers get
 * the same bytes, which are made, and compressed, once.
 */
final class SharedFrames {
    /** Larger ones are not kept. */
    private static final int LARGEST = 4 * 1024 * 1024;

    private final @Nullable Entry[] last = new Entry[Subprotocol.values().length];

    private record Entry(int requestId, List<QuerySetChange> changes, Frame frame) {}

    /** The frame for these changes, made by the codec unless the last one fits. */
    synchronized Frame of(Subprotocol protocol, Codec codec, Optional<Call> call, List<QuerySetChange> changes) {
        int requestId = call.map(Call::requestId).orElse(0);
        Entry known = last[protocol.ordinal()];
        if (known != null && known.requestId == requestId && same(known.changes, changes)) {
            return known.frame;
        }
        BsatnWriter out = new BsatnWriter();
        if (protocol != Subprotocol.V1_JSON) {
            out.writeU8(0);
        }
        codec.changed(call, changes, out);
        Frame frame = new Frame(out.toArray());
        last[protocol.ordinal()] = out.size() > LARGEST ? null : new Entry(requestId, changes, frame);
        return frame;
    }

    /** Whether the numbers are equal and the changes are the very same objects. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(List<QuerySetChange> a, List<QuerySetChange> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            QuerySetChange one = a.get(i);
            QuerySetChange other = b.get(i);
            if (one.querySet() != other.querySet() || one.changes().size() != other.changes().size()) {
                return false;
            }
            for (int k = 0; k < one.changes().size(); k++) {
                if (one.changes().get(k) != other.changes().get(k)) {
                    return false;
                }
            }
        }
        return true;
    }
}
