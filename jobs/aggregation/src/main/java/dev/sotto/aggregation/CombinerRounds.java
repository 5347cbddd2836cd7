package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a combiner knows of rounds that are not over: who is accepted and which chunks it has seen. Every chunk that counts is
 * seen once, whether it is added at once or waits first. Not thread-safe.
 */
final class CombinerRounds {
    /** Uploads of one site that wait before one of them is its site's: an honest site has one a round, in one round at a time. */
    static final int WAITING_UPLOADS = 2;

    private final int chunks;
    private final Map<Integer, Round> rounds = new TreeMap<>();
    private int lastEnded;

    CombinerRounds(int chunks) {
        this.chunks = chunks;
    }

    /** What is to be done with a chunk. */
    enum Standing {
        /** Its upload is accepted: it goes into the sum. */
        ADD,
        /** Its upload may still be accepted. */
        WAIT,
        /** It was seen before. */
        DUPLICATE,
        /** Its site's accepted upload has another root. */
        OTHER_ROOT,
        /** Too many uploads of its site wait already. */
        TOO_MANY,
        /** Its site was not accepted and no longer can be. */
        CLOSED,
        /** Its round is over. */
        ENDED
    }

    private static final class Round {
        final Map<String, SeenUpload> accepted = new HashMap<>();
        final List<SeenUpload> waiting = new ArrayList<>();

        @Nullable
        Long patience;

        @Nullable
        SeenUpload waiting(String site, byte[] root) {
            for (SeenUpload upload : waiting) {
                if (upload.site().equals(site) && Arrays.equals(upload.root(), root)) {
                    return upload;
                }
            }
            return null;
        }
    }

    /** Decides on a chunk and marks it as seen if it counts or may come to count. */
    Standing place(FreshChunk chunk) {
        Round round = rounds.get(chunk.round());
        if (round == null && chunk.round() <= lastEnded) {
            return Standing.ENDED;
        }
        SeenUpload accepted = round == null ? null : round.accepted.get(chunk.site());
        if (accepted != null) {
            if (!Arrays.equals(accepted.root(), chunk.root())) {
                return Standing.OTHER_ROOT;
            }
            return accepted.see(chunk.chunk()) ? Standing.ADD : Standing.DUPLICATE;
        }
        if (round != null && round.patience != null) {
            return Standing.CLOSED;
        }
        SeenUpload upload = round == null ? null : round.waiting(chunk.site(), chunk.root());
        if (upload == null) {
            if (waitingUploads(chunk.site()) >= WAITING_UPLOADS) {
                return Standing.TOO_MANY;
            }
            upload = SeenUpload.first(chunk, chunks);
            round(chunk.round()).waiting.add(upload);
        }
        return upload.see(chunk.chunk()) ? Standing.WAIT : Standing.DUPLICATE;
    }

    private long waitingUploads(String site) {
        return rounds.values().stream()
                .flatMap(round -> round.waiting.stream())
                .filter(upload -> upload.site().equals(site))
                .count();
    }

    private Round round(int number) {
        return rounds.computeIfAbsent(number, n -> new Round());
    }

    /** Accepts an upload; other uploads of its site are forgotten. */
    void accept(Verdict verdict) {
        Round round = round(verdict.round());
        UploadRoot upload = verdict.upload();
        SeenUpload waiting = round.waiting(upload.site(), upload.root());
        round.waiting.removeIf(other -> other.site().equals(upload.site()));
        round.accepted.put(
                upload.site(), waiting == null ? SeenUpload.accepted(verdict, chunks) : waiting.in(verdict.group()));
    }

    /** The group of an accepted site. */
    int group(int number, String site) {
        SeenUpload upload = round(number).accepted.get(site);
        if (upload == null) {
            throw new IllegalArgumentException(site + " is not accepted in round " + number);
        }
        return upload.group();
    }

    /** Closes a window: what waits in it is forgotten. */
    void close(int number, long patience) {
        Round round = round(number);
        round.patience = patience;
        round.waiting.clear();
    }

    boolean isClosed(int number) {
        Round round = rounds.get(number);
        return round != null && round.patience != null;
    }

    /** Whether no chunk of that place and group is missing any more. */
    boolean isWhole(int number, int chunk, int group) {
        long bit = 1L << chunk;
        for (SeenUpload upload : round(number).accepted.values()) {
            if (upload.group() == group && (upload.bits()[chunk / Long.SIZE] & bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the chunks of a closed round were awaited until this time or an earlier one. */
    boolean isOverdue(int number, long time) {
        Round round = rounds.get(number);
        return round != null && round.patience != null && round.patience <= time;
    }

    /** Forgets the closed rounds whose chunks were awaited until this time or an earlier one. */
    void endOverdue(long time) {
        List.copyOf(rounds.keySet()).stream()
                .filter(number -> isOverdue(number, time))
                .forEach(this::end);
    }

    /** Forgets a round. */
    void end(int number) {
        rounds.remove(number);
        lastEnded = Math.max(lastEnded, number);
    }

    /** Forgets uploads that have waited since this time or an earlier one; false if there is none. */
    boolean expire(long time) {
        boolean expired = false;
        for (Round round : rounds.values()) {
            expired |= round.waiting.removeIf(upload -> upload.since() <= time);
        }
        rounds.values()
                .removeIf(round -> round.patience == null && round.accepted.isEmpty() && round.waiting.isEmpty());
        return expired;
    }

    /** Whether a chunk's upload still waits. */
    boolean waits(CheckedChunk chunk) {
        Round round = rounds.get(chunk.round());
        return round != null && round.waiting(chunk.site(), chunk.root()) != null;
    }

    /** What stands here, beside these positions. */
    CombinerMemory memory(Map<Integer, Long> positions) {
        Map<Integer, Long> closed = new HashMap<>();
        List<SeenUpload> uploads = new ArrayList<>();
        rounds.forEach((number, round) -> {
            if (round.patience != null) {
                closed.put(number, round.patience);
            }
            uploads.addAll(round.accepted.values());
            uploads.addAll(round.waiting);
        });
        return new CombinerMemory(positions, lastEnded, closed, uploads);
    }

    /** Takes over what stood in a checkpoint, here or in another combiner. */
    void restore(CombinerMemory memory) {
        lastEnded = Math.max(lastEnded, memory.lastEnded());
        memory.closed().forEach((number, patience) -> round(number).patience = patience);
        for (SeenUpload upload : memory.uploads()) {
            Round round = round(upload.round());
            if (upload.isAccepted()) {
                round.accepted.merge(upload.site(), upload, SeenUpload::and);
                continue;
            }
            SeenUpload known = round.waiting(upload.site(), upload.root());
            if (known != null) {
                round.waiting.remove(known);
            }
            round.waiting.add(known == null ? upload : known.and(upload));
        }
    }
}
