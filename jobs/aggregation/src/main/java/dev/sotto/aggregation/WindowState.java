package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/** The keyed state of one round's window. */
final class WindowState {
    /** Manifests of one site that are kept before the round is opened: an honest site sends one, or the same again. */
    static final int EARLY_MANIFESTS = 2;

    private final ValueState<RoundTerms> terms;
    private final ValueState<Outcome> outcome;
    private final MapState<String, AcceptedUpload> accepted;
    private final ListState<SignedManifest> earlyManifests;
    private final ListState<RoundNews> earlySeeds;

    WindowState(RuntimeContext context) {
        terms = context.getState(new ValueStateDescriptor<>("terms", Types.POJO(RoundTerms.class)));
        outcome = context.getState(new ValueStateDescriptor<>("outcome", Types.POJO(Outcome.class)));
        accepted = context.getMapState(
                new MapStateDescriptor<>("accepted", Types.STRING, Types.POJO(AcceptedUpload.class)));
        earlyManifests = context.getListState(new ListStateDescriptor<>("early-manifests", SignedManifest.TYPE));
        earlySeeds = context.getListState(new ListStateDescriptor<>("early-seeds", RoundNews.TYPE));
    }

    @Nullable
    RoundTerms terms() throws Exception {
        return terms.value();
    }

    void open(RoundTerms opened) throws Exception {
        terms.update(opened);
    }

    @Nullable
    Outcome outcome() throws Exception {
        return outcome.value();
    }

    /** Ends the window. Who was accepted stays known, so that a repeated manifest is told from a second one. */
    void end(Outcome ended) throws Exception {
        outcome.update(ended);
    }

    /** The site's accepted upload, if it has one. */
    @Nullable
    AcceptedUpload accepted(String site) throws Exception {
        return accepted.get(site);
    }

    void accept(AcceptedUpload upload) throws Exception {
        accepted.put(upload.site(), upload);
    }

    /** The accepted uploads, sorted by site. */
    List<AcceptedUpload> accepted() throws Exception {
        SortedMap<String, AcceptedUpload> sorted = new TreeMap<>();
        for (AcceptedUpload upload : accepted.values()) {
            sorted.put(upload.site(), upload);
        }
        return new ArrayList<>(sorted.values());
    }

    /** Keeps a manifest that came before the round's opening; false if the site has enough of them here. */
    boolean keepEarly(SignedManifest manifest) throws Exception {
        int kept = 0;
        for (SignedManifest other : earlyManifests.get()) {
            kept += other.site().equals(manifest.site()) ? 1 : 0;
        }
        if (kept >= EARLY_MANIFESTS) {
            return false;
        }
        earlyManifests.add(manifest);
        return true;
    }

    /** Takes out what came before the opening, in the order of arrival. */
    List<SignedManifest> takeEarlyManifests() throws Exception {
        List<SignedManifest> early = new ArrayList<>();
        earlyManifests.get().forEach(early::add);
        earlyManifests.clear();
        return early;
    }

    void keepEarlySeeds(RoundNews seeds) throws Exception {
        earlySeeds.add(seeds);
    }

    List<RoundNews> takeEarlySeeds() throws Exception {
        List<RoundNews> early = new ArrayList<>();
        earlySeeds.get().forEach(early::add);
        earlySeeds.clear();
        return early;
    }

    void forget() {
        terms.clear();
        outcome.clear();
        accepted.clear();
        earlyManifests.clear();
        earlySeeds.clear();
    }
}
