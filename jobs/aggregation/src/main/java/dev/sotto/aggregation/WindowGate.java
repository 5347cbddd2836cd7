package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.privacy.Digest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The window of a round, keyed by round: decides whose upload is in the sum, once.
 *
 * <pre>
 * before  --ROUND_OPEN--------------------------------&gt;  open
 * open    --manifest valid, all its chunks seen-------&gt;  open, one more accepted (ARRIVAL)
 * open    --all announced accepted, or past deadline--&gt;  closed (WINDOW_CLOSED), or aborted if below minSurvivors
 * open    --ROUND_ABORTED-----------------------------&gt;  aborted
 * closed  --UNMASK_SEEDS for these survivors----------&gt;  unmasked
 * closed  --ROUND_ABORTED-----------------------------&gt;  aborted
 * any     --retention after the end-------------------&gt;  forgotten
 * </pre>
 *
 * <p>Time is the broker's append time. An upload counts if its manifest and all its chunks were appended by the deadline.
 * The watermark of the manifests may pass the deadline while chunks are still on their way from another topic: the window
 * then waits for those of manifests that came in time, for no longer than the grace.
 */
final class WindowGate extends KeyedCoProcessFunction<String, RoundNews, UploadNews, Verdict> {
    /** Acceptances and closed windows, for coordination. */
    static final OutputTag<OutgoingRecord> ARRIVALS = new OutputTag<>("arrivals", OutgoingRecord.TYPE);

    private static final long serialVersionUID = 1L;

    private final Carried<TaskDefinition> task;
    private final Carried<Trust> trust;
    private final Opener<EnvelopeSigner> signer;
    private final long grace;
    private final long retention;

    private transient @Nullable RoundTermsReader reader;
    private transient @Nullable RoundRecords records;
    private transient @Nullable WindowState state;
    private transient @Nullable WindowMetrics metrics;
    private transient int chunks;

    WindowGate(
            Carried<TaskDefinition> task,
            Carried<Trust> trust,
            Opener<EnvelopeSigner> signer,
            Duration grace,
            Duration retention) {
        this.task = task;
        this.trust = trust;
        this.signer = signer;
        this.grace = grace.toMillis();
        this.retention = retention.toMillis();
    }

    @Override
    public void open(OpenContext context) throws IOException {
        TaskDefinition definition = task.value();
        reader = new RoundTermsReader(definition, trust.value());
        chunks = definition.encoding().chunks(definition.layout().paddedSize());
        records = new RoundRecords(signer.open());
        state = new WindowState(getRuntimeContext());
        metrics = new WindowMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement1(RoundNews news, Context context, Collector<Verdict> out) throws Exception {
        try {
            switch (news.kind()) {
                case ROUND_OPEN -> openRound(news, context, out);
                case SURVIVORS -> compare(news);
                case ROUND_ABORTED -> abort(context, out);
                case UNMASK_SEEDS -> unmask(news, context, out);
                default -> throw new IllegalStateException(news + " is nothing for the gate");
            }
        } catch (RejectedRecordException e) {
            context.output(Refused.TAG, refused(news, e));
        }
    }

    @Override
    public void processElement2(UploadNews news, Context context, Collector<Verdict> out) throws Exception {
        RoundTerms terms = state().terms();
        if (terms == null && state().outcome() == null) {
            forgetAt(context, news.timestamp() + retention);
        }
        if (news.chunk() >= 0) {
            if (state().outcome() == null) {
                state().see(news, chunks);
                accept(terms, news, context, out);
            }
        } else if (terms == null) {
            state().keepEarly(news);
        } else {
            take(terms, news, context, out);
        }
    }

    private void openRound(RoundNews news, Context context, Collector<Verdict> out) throws Exception {
        if (state().terms() != null) {
            throw new RejectedRecordException(Rejection.CONFLICT, news.round() + " is opened a second time");
        }
        RoundOpen open = AvroCodec.decode(news.payload(), RoundOpen.class);
        RoundTerms terms = Opened.of(reader).read(open, news.sequence(), news.head());
        state().open(terms);
        metrics().opened(terms.announced().size());
        context.timerService().registerEventTimeTimer(terms.deadline());
        toChunks(out, chunk -> Verdict.open(terms, chunk));
        for (UploadNews early : state().takeEarlyUploads()) {
            take(terms, early, context, out);
        }
        for (RoundNews early : state().takeEarlySeeds()) {
            processElement1(early, context, out);
        }
    }

    /** Takes a manifest of a round that was opened. The first valid one of a site counts, by its root. */
    private void take(RoundTerms terms, UploadNews manifest, Context context, Collector<Verdict> out) throws Exception {
        try {
            byte[] first = state().manifest(manifest.site());
            if (first != null) {
                requireSame(terms, manifest, first);
                metrics().duplicate();
                return;
            }
            ManifestCheck.require(terms, manifest);
            if (state().outcome() != null) {
                throw new RejectedRecordException(Rejection.LATE, "round " + terms.id() + " is closed");
            }
            state().keepManifest(manifest.site(), manifest.root());
            accept(terms, manifest, context, out);
        } catch (RejectedRecordException e) {
            RawRecord record = manifest.manifest();
            if (record == null) {
                throw new IllegalStateException(manifest + " came without its record", e);
            }
            context.output(Refused.TAG, Refused.of(record, e));
        }
    }

    private static void requireSame(RoundTerms terms, UploadNews manifest, byte[] first)
            throws RejectedRecordException {
        if (!Arrays.equals(first, manifest.root())) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT,
                    "a second manifest of %s for round %s names another root".formatted(manifest.site(), terms.id()));
        }
    }

    /** Accepts the upload that the news is about, if that makes it whole; closes the window if it was the last one. */
    private void accept(@Nullable RoundTerms terms, UploadNews news, Context context, Collector<Verdict> out)
            throws Exception {
        String site = news.site();
        byte[] root = state().manifest(site);
        if (terms == null || root == null || state().outcome() != null || state().isAccepted(site)) {
            return;
        }
        if (!state().seen(site, root, chunks).wholeBy(chunks, terms.deadline())) {
            return;
        }
        UploadRoot upload = new UploadRoot(site, root);
        state().accept(site, root);
        context.output(ARRIVALS, Opened.of(records).arrival(terms, upload));
        toChunks(out, chunk -> Verdict.accepted(terms, chunk, upload));
        if (state().accepted().size() == terms.announced().size()) {
            close(terms, context, out);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Verdict> out) throws Exception {
        RoundTerms terms = state().terms();
        Outcome outcome = state().outcome();
        if (outcome != null) {
            if (timestamp >= outcome.forgetAt()) {
                state().forget();
            }
        } else if (terms == null) {
            expire(context);
        } else if (timestamp >= terms.deadline() + grace || (timestamp >= terms.deadline() && !awaitsChunks())) {
            close(terms, context, out);
        } else if (timestamp >= terms.deadline()) {
            context.timerService().registerEventTimeTimer(terms.deadline() + grace);
        }
    }

    private boolean awaitsChunks() throws Exception {
        return state().manifests().size() > state().accepted().size();
    }

    private void close(RoundTerms terms, Context context, Collector<Verdict> out) throws Exception {
        List<UploadRoot> accepted = state().accepted();
        List<UploadRoot> manifests = state().manifests();
        List<String> survivors = accepted.stream().map(UploadRoot::site).toList();
        boolean tooFew = survivors.size() < terms.minSurvivors();
        state().end(Outcome.closed(survivors, tooFew, endOfRetention(terms, context)));
        forgetAt(context, endOfRetention(terms, context));
        metrics().closed(terms.announced().size(), survivors.size());
        context.output(ARRIVALS, Opened.of(records).windowClosed(terms, accepted));
        if (tooFew) {
            metrics().aborted();
            toChunks(out, chunk -> Verdict.aborted(terms, chunk));
        } else {
            toChunks(out, chunk -> Verdict.closed(terms, chunk, manifests, survivors));
            for (RoundNews early : state().takeEarlySeeds()) {
                processElement1(early, context, out);
            }
        }
    }

    private void abort(Context context, Collector<Verdict> out) throws Exception {
        RoundTerms terms = state().terms();
        Outcome outcome = state().outcome();
        // Once the masks are off, the model is on its way: there is nothing left to abort.
        if (terms == null || (outcome != null && (outcome.aborted() || outcome.isUnmasked()))) {
            return;
        }
        long end = endOfRetention(terms, context);
        state().end(outcome == null ? Outcome.closed(List.of(), true, end) : outcome.aborted(end));
        forgetAt(context, end);
        metrics().aborted();
        toChunks(out, chunk -> Verdict.aborted(terms, chunk));
    }

    private void compare(RoundNews news) throws Exception {
        Outcome outcome = state().outcome();
        List<String> named = AvroCodec.decode(news.payload(), Survivors.class).getSurvivors().stream()
                .map(Survivor::getSite)
                .toList();
        if (outcome != null && !outcome.survivors().equals(named)) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT, "the survivors of %s are %s".formatted(news.round(), outcome.survivors()));
        }
    }

    private void unmask(RoundNews news, Context context, Collector<Verdict> out) throws Exception {
        RoundTerms terms = state().terms();
        Outcome outcome = state().outcome();
        if (terms == null || outcome == null) {
            if (terms == null) {
                forgetAt(context, news.source().timestamp() + retention);
            }
            state().keepEarlySeeds(news);
            return;
        }
        if (outcome.aborted()) {
            throw new RejectedRecordException(Rejection.WRONG_ROUND, news.round() + " was aborted");
        }
        List<String> named = AvroCodec.decode(news.payload(), UnmaskSeeds.class).getSurvivors().stream()
                .sorted()
                .toList();
        if (!outcome.survivors().equals(named)) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT, "the survivors of %s are %s".formatted(news.round(), outcome.survivors()));
        }
        byte[] hash = Digest.sha256(news.payload()).bytes();
        if (outcome.isUnmasked()) {
            if (!Arrays.equals(hash, outcome.seedsHash())) {
                throw new RejectedRecordException(Rejection.CONFLICT, news.round() + " was unmasked with other seeds");
            }
            return;
        }
        state().end(outcome.unmasked(hash));
        toChunks(out, chunk -> Verdict.unmask(terms, chunk, news.payload()));
    }

    /** Drops what waited for a round that nobody opened. */
    private void expire(OnTimerContext context) throws Exception {
        String detail = "round %s was not opened within %d s".formatted(context.getCurrentKey(), retention / 1000);
        for (UploadNews early : state().takeEarlyUploads()) {
            RawRecord record = early.manifest();
            if (record != null) {
                context.output(Refused.TAG, Refused.of(record, Rejection.WRONG_ROUND, detail));
            }
        }
        for (RoundNews early : state().takeEarlySeeds()) {
            context.output(Refused.TAG, Refused.withoutValue(early.source(), Rejection.WRONG_ROUND, detail));
        }
        state().forget();
    }

    private void toChunks(Collector<Verdict> out, IntFunction<Verdict> verdict) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            out.collect(verdict.apply(chunk));
        }
    }

    private long endOfRetention(RoundTerms terms, Context context) {
        return Math.max(terms.deadline(), context.timerService().currentWatermark()) + retention;
    }

    private static void forgetAt(Context context, long time) {
        context.timerService().registerEventTimeTimer(time);
    }

    private static Refused refused(RoundNews news, RejectedRecordException e) {
        // Seeds do not go into dead letters.
        return news.kind() == Kind.UNMASK_SEEDS
                ? Refused.withoutValue(news.source(), e.rejection(), String.valueOf(e.getMessage()))
                : Refused.of(news.source(), e);
    }

    private WindowState state() {
        return Opened.of(state);
    }

    private WindowMetrics metrics() {
        return Opened.of(metrics);
    }
}
