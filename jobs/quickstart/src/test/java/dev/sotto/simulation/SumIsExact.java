package dev.sotto.simulation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.Digest;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is published under a hash is the plain sum of the survivors' encodings, bit for bit, mod 2^m. */
final class SumIsExact extends Invariant {
    private final TaskDefinition task;
    private final Contributions contributions;
    private final Map<Integer, RoundOpen> opened = new HashMap<>();
    private final Map<Integer, SortedMap<SiteId, ByteBuffer>> closed = new HashMap<>();
    private int checked;

    SumIsExact(TaskDefinition task, Contributions contributions) {
        this.task = task;
        this.contributions = contributions;
    }

    /** How many sums were held against their survivors. */
    int checked() {
        return checked;
    }

    @Override
    void visible(Broker.Entry entry, SignedRecord record) throws RejectedRecordException {
        if (record.kind() == Kind.ROUND_OPEN) {
            RoundOpen open = record.payload(RoundOpen.class);
            opened.put(open.getRound(), open);
        } else if (record.kind() == Kind.WINDOW_CLOSED) {
            WindowClosed window = record.payload(WindowClosed.class);
            SortedMap<SiteId, ByteBuffer> roots = new TreeMap<>();
            for (Survivor survivor : window.getSurvivors()) {
                roots.put(new SiteId(survivor.getSite()), survivor.getRoot());
            }
            closed.put(window.getRound(), roots);
        } else if (record.kind() == Kind.MODEL) {
            ModelAnnounced model = record.payload(ModelAnnounced.class);
            if (model.getRound() > 0) {
                check(model);
            }
        }
    }

    private void check(ModelAnnounced model) {
        int number = model.getRound();
        RoundOpen open = opened.get(number);
        SortedMap<SiteId, ByteBuffer> roots = closed.get(number);
        require(open != null && roots != null, "round %d has a model but was not opened or not closed", number);
        TreeSet<SiteId> survivors = new TreeSet<>();
        model.getSurvivors().forEach(site -> survivors.add(new SiteId(site)));
        require(
                survivors.equals(roots.keySet()),
                "the model of round %d names %s, the window %s",
                number,
                survivors,
                roots.keySet());
        byte[] expected = hash(open, roots);
        require(
                Arrays.equals(expected, AvroCodec.bytes(model.getAggregateHash())),
                "the aggregate of round %d over %s is not the sum of their encodings",
                number,
                survivors);
        checked++;
    }

    private byte[] hash(RoundOpen open, SortedMap<SiteId, ByteBuffer> roots) {
        RoundId round = new RoundId(task.id(), open.getRound());
        List<SiteId> announced = open.getAnnounced().stream().map(SiteId::new).toList();
        RoundGroups groups = RoundGroups.draw(
                AvroCodec.bytes(open.getSealHash()), round, new TreeSet<>(announced), open.getGroups());
        ChunkLayout layout = task.chunks();
        int[][] sums = new int[groups.count()][layout.entries()];
        roots.forEach((site, root) -> {
            int[] vector = contributions.under(site, open.getRound(), root);
            require(vector != null, "%s survived round %d with a root over nothing", site, open.getRound());
            int[] sum = sums[groups.groupOf(site)];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
        });
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            int from = layout.firstEntry(chunk);
            for (int[] sum : sums) {
                int[] slice = Arrays.copyOfRange(sum, from, from + layout.entriesOf(chunk));
                task.encoding().ring().reduce(slice);
                hashes.writeBytes(Digest.sha256(slice).bytes());
            }
        }
        return Digest.sha256(hashes.toByteArray()).bytes();
    }
}
