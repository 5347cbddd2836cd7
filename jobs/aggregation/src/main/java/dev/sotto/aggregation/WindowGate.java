package dev.sotto.aggregation;

import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * The window of a round, keyed by round: decides whose upload is in the sum, once.
 *
 * <pre>
 * before  --ROUND_OPEN--------------------------------&gt;  open
 * open    --manifest valid----------------------------&gt;  open, one more accepted (ARRIVAL)
 * open    --{@link Quorum} full, or past deadline------------&gt;  closed, or aborted if a group is below minSurvivors
 * open    --ROUND_ABORTED-----------------------------&gt;  aborted
 * closed  --UNMASK_SEEDS for these survivors----------&gt;  unmasked
 * closed  --ROUND_ABORTED-----------------------------&gt;  aborted
 * any     --retention after the end-------------------&gt;  forgotten
 * </pre>
 *
 * <p>Time is the broker's append time, and a manifest counts if it was appended by the deadline. An upload is one
 * transaction, so an honest site's manifest implies its chunks; the gate does not wait for them, accumulators do, and
 * {@link WindowCloser} tells coordination when the last of them is in.
 */
final class WindowGate extends KeyedCoProcessFunction<String, RoundNews, SignedManifest, Verdict> {
    private static final long serialVersionUID = 1L;

    private final Carried<TaskDefinition> task;
    private final Carried<Trust> trust;
    private final Opener<EnvelopeSigner> signer;
    private final long grace;
    private final long retention;

    private transient @Nullable RoundTermsReader reader;
    private transient @Nullable Quorum quorum;
    private transient @Nullable ManifestCheck check;
    private transient @Nullable GateOutput output;
    private transient @Nullable WindowState state;
    private transient @Nullable WindowMetrics metrics;

    WindowGate(Carried<TaskDefinition> task, Carried<Trust> trust, Opener<EnvelopeSigner> signer, WindowTiming timing) {
        this.task = task;
        this.trust = trust;
        this.signer = signer;
        this.grace = timing.grace().toMillis();
        this.retention = timing.retention().toMillis();
    }

    @Override
    public void open(OpenContext context) throws IOException {
        TaskDefinition definition = task.value();
        reader = new RoundTermsReader(definition, trust.value());
        quorum = new Quorum(definition.rounds().closeAfter());
        check = new ManifestCheck(definition);
        output = new GateOutput(
                new RoundRecords(signer.open()), definition.chunks().chunks(), retention);
        state = new WindowState(getRuntimeContext());
        metrics = new WindowMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement1(RoundNews news, Context context, Collector<Verdict> out) throws Exception {
        try {
            switch (news.kind()) {
                case ROUND_OPEN -> openRound(news, context, out);
                case SURVIVORS -> SurvivorCheck.requireSame(state().outcome(), news);
                case ROUND_ABORTED -> abort(context, out);
                case UNMASK_SEEDS -> unmask(news, context);
                default -> throw new IllegalStateException(news + " is nothing for the gate");
            }
        } catch (RejectedRecordException e) {
            // Seeds do not go into dead letters.
            context.output(
                    Refused.TAG,
                    news.kind() == Kind.UNMASK_SEEDS
                            ? Refused.withoutValue(news.source(), e.rejection(), String.valueOf(e.getMessage()))
                            : Refused.of(news.source(), e));
        }
    }

    @Override
    public void processElement2(SignedManifest manifest, Context context, Collector<Verdict> out) throws Exception {
        RoundTerms terms = state().terms();
        if (terms != null) {
            take(terms, manifest, context, out);
        } else if (state().outcome() == null) {
            forgetAt(context, manifest.timestamp() + retention);
            if (!state().keepEarly(manifest)) {
                refuse(
                        context,
                        manifest,
                        new RejectedRecordException(
                                Rejection.CONFLICT,
                                "%d other manifests of %s wait for round %s to open"
                                        .formatted(WindowState.EARLY_MANIFESTS, manifest.site(), manifest.round())));
            }
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
        for (SignedManifest early : state().takeEarlyManifests()) {
            take(terms, early, context, out);
        }
        for (RoundNews early : state().takeEarlySeeds()) {
            processElement1(early, context, out);
        }
    }

    /** Takes a manifest of a round that was opened. The first valid one of a site counts, by its root. */
    private void take(RoundTerms terms, SignedManifest manifest, Context context, Collector<Verdict> out)
            throws Exception {
        try {
            AcceptedUpload first = state().accepted(manifest.site());
            if (first != null) {
                ManifestCheck.requireSame(terms, manifest, first);
                metrics().duplicate();
                return;
            }
            Opened.of(check).require(terms, manifest);
            if (state().outcome() != null) {
                throw new RejectedRecordException(Rejection.LATE, "round " + terms.id() + " is closed");
            }
        } catch (RejectedRecordException e) {
            refuse(context, manifest, e);
            return;
        }
        AcceptedUpload upload = new AcceptedUpload(
                manifest.site(),
                manifest.root(),
                manifest.timestamp(),
                manifest.source().value());
        state().accept(upload);
        output().accepted(terms, upload.upload(), context, out);
        List<AcceptedUpload> accepted = state().accepted();
        if (Opened.of(quorum).isFull(terms, accepted)) {
            close(terms, accepted, context, out);
        }
    }

    private static void refuse(Context context, SignedManifest manifest, RejectedRecordException e) {
        context.output(Refused.TAG, Refused.of(manifest.source(), e));
    }

    private void close(RoundTerms terms, List<AcceptedUpload> accepted, Context context, Collector<Verdict> out)
            throws Exception {
        List<String> survivors = accepted.stream().map(AcceptedUpload::site).toList();
        boolean tooFew = !terms.suffices(survivors);
        long end = endOfRetention(terms, context);
        state().end(Outcome.closed(survivors, tooFew, end));
        forgetAt(context, end);
        metrics().closed(terms.announced().size(), survivors.size());
        if (tooFew) {
            metrics().aborted();
            output().tooFew(terms, accepted, context, out);
            return;
        }
        output().closed(terms, accepted, patience(accepted, context), context, out);
        for (RoundNews early : state().takeEarlySeeds()) {
            processElement1(early, context, out);
        }
    }

    /** Chunks may lie behind another site's open transaction for as long as the grace, from now or their manifest on. */
    private long patience(List<AcceptedUpload> accepted, Context context) {
        long from = context.timerService().currentWatermark();
        for (AcceptedUpload upload : accepted) {
            from = Math.max(from, upload.timestamp());
        }
        return EventTime.after(from, grace);
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
        output().aborted(terms, context, out);
    }

    private void unmask(RoundNews news, Context context) throws Exception {
        RoundTerms terms = state().terms();
        Outcome outcome = state().outcome();
        if (terms == null || outcome == null) {
            if (terms == null) {
                forgetAt(context, news.source().timestamp() + retention);
            }
            state().keepEarlySeeds(news);
        } else if (SurvivorCheck.isNew(terms, outcome, news)) {
            state().end(outcome.unmasked(SurvivorCheck.hash(news)));
            output().unmask(terms, news.payload(), context);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Verdict> out) throws Exception {
        RoundTerms terms = state().terms();
        Outcome outcome = state().outcome();
        if (terms == null) {
            expire(context);
        } else if (outcome == null) {
            if (timestamp >= terms.deadline()) {
                close(terms, state().accepted(), context, out);
            }
        } else if (timestamp >= outcome.forgetAt() && context.timerService().currentWatermark() < Long.MAX_VALUE) {
            // Whatever is left of the round anywhere goes with it; after the end of all input there may yet be a model.
            output().aborted(terms, context, out);
            state().forget();
        }
    }

    /** Drops what waited for a round that nobody opened. */
    private void expire(OnTimerContext context) throws Exception {
        String detail = "round %s was not opened within %d s".formatted(context.getCurrentKey(), retention / 1000);
        for (SignedManifest early : state().takeEarlyManifests()) {
            context.output(Refused.TAG, Refused.of(early.source(), Rejection.WRONG_ROUND, detail));
        }
        for (RoundNews early : state().takeEarlySeeds()) {
            context.output(Refused.TAG, Refused.withoutValue(early.source(), Rejection.WRONG_ROUND, detail));
        }
        state().forget();
    }

    private long endOfRetention(RoundTerms terms, Context context) {
        return EventTime.after(Math.max(terms.deadline(), context.timerService().currentWatermark()), retention);
    }

    private static void forgetAt(Context context, long time) {
        context.timerService().registerEventTimeTimer(time);
    }

    private GateOutput output() {
        return Opened.of(output);
    }

    private WindowState state() {
        return Opened.of(state);
    }

    private WindowMetrics metrics() {
        return Opened.of(metrics);
    }
}
