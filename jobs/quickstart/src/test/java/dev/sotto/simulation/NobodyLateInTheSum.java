package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Every upload in a published sum was appended by the deadline of its round, and before its window was closed. */
final class NobodyLateInTheSum extends Invariant {
    private record Upload(String site, int round, ByteBuffer root) {}

    private record Closing(WindowClosed window, long at) {}

    private final Map<Upload, Long> appended = new HashMap<>();
    private final Map<Integer, Long> deadlines = new HashMap<>();
    private final Map<Integer, Closing> closings = new HashMap<>();

    @Override
    void visible(Broker.Entry entry, SignedRecord record) throws RejectedRecordException {
        if (record.kind() == Kind.MANIFEST) {
            Manifest manifest = record.payload(Manifest.class);
            appended.merge(
                    new Upload(record.signer(), manifest.getRound(), manifest.getRoot()), entry.appended(), Math::min);
        } else if (record.kind() == Kind.ROUND_OPEN) {
            RoundOpen open = record.payload(RoundOpen.class);
            deadlines.put(open.getRound(), open.getDeadline());
        } else if (record.kind() == Kind.WINDOW_CLOSED) {
            WindowClosed window = record.payload(WindowClosed.class);
            closings.put(window.getRound(), new Closing(window, entry.appended()));
        } else if (record.kind() == Kind.MODEL) {
            check(record.payload(ModelAnnounced.class));
        }
    }

    private void check(ModelAnnounced model) {
        Closing closing = closings.get(model.getRound());
        Long deadline = deadlines.get(model.getRound());
        if (model.getRound() == 0 || closing == null || deadline == null) {
            return;
        }
        for (Survivor survivor : closing.window().getSurvivors()) {
            Long at = appended.get(new Upload(survivor.getSite(), model.getRound(), survivor.getRoot()));
            require(
                    at != null && at <= deadline && at <= closing.at(),
                    "%s is in the sum of round %d, but its upload came %s ms after the deadline",
                    survivor.getSite(),
                    model.getRound(),
                    at == null ? "infinitely many" : String.valueOf(at - deadline));
        }
    }
}
