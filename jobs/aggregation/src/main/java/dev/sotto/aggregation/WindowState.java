package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/** The keyed state of one round's window. */
final class WindowState {
    /** Uploads of one site that are kept track of before one of them is its site's: an honest site has one. */
    static final int ROOTS_A_SITE = 2;

    private final ValueState<RoundTerms> terms;
    private final ValueState<Outcome> outcome;
    private final MapState<String, byte[]> manifests;
    private final MapState<String, byte[]> accepted;
    private final MapState<String, SeenChunks> seen;
    private final ListState<UploadNews> earlyUploads;
    private final ListState<RoundNews> earlySeeds;

    WindowState(RuntimeContext context) {
        var bytes = PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
        terms = context.getState(new ValueStateDescriptor<>("terms", Types.POJO(RoundTerms.class)));
        outcome = context.getState(new ValueStateDescriptor<>("outcome", Types.POJO(Outcome.class)));
        manifests = context.getMapState(new MapStateDescriptor<>("manifests", Types.STRING, bytes));
        accepted = context.getMapState(new MapStateDescriptor<>("accepted", Types.STRING, bytes));
        seen = context.getMapState(new MapStateDescriptor<>("seen", Types.STRING, Types.POJO(SeenChunks.class)));
        earlyUploads = context.getListState(new ListStateDescriptor<>("early-uploads", UploadNews.TYPE));
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

    /** Ends the window; what led to it is dropped, the outcome stays until it is forgotten. */
    void end(Outcome ended) throws Exception {
        outcome.update(ended);
        seen.clear();
        earlyUploads.clear();
    }

    /** The root of the site's first valid manifest. */
    byte @Nullable [] manifest(String site) throws Exception {
        return manifests.get(site);
    }

    void keepManifest(String site, byte[] root) throws Exception {
        manifests.put(site, root);
    }

    /** Every site with a valid manifest, sorted. */
    List<UploadRoot> manifests() throws Exception {
        return sorted(manifests);
    }

    boolean isAccepted(String site) throws Exception {
        return accepted.contains(site);
    }

    void accept(String site, byte[] root) throws Exception {
        accepted.put(site, root);
    }

    /** The accepted uploads, sorted by site. */
    List<UploadRoot> accepted() throws Exception {
        return sorted(accepted);
    }

    private static List<UploadRoot> sorted(MapState<String, byte[]> roots) throws Exception {
        SortedMap<String, byte[]> sorted = new TreeMap<>();
        for (Map.Entry<String, byte[]> entry : roots.entries()) {
            sorted.put(entry.getKey(), entry.getValue());
        }
        List<UploadRoot> uploads = new ArrayList<>();
        sorted.forEach((site, root) -> uploads.add(new UploadRoot(site, root)));
        return uploads;
    }

    SeenChunks seen(String site, byte[] root, int chunks) throws Exception {
        SeenChunks found = seen.get(upload(site, root));
        return found == null ? SeenChunks.none(chunks) : found;
    }

    /** Notes a chunk, unless its site has more uploads than an honest one. */
    void see(UploadNews chunk, int chunks) throws Exception {
        String upload = upload(chunk.site(), chunk.root());
        if (seen.contains(upload) || uploads(chunk.site()) < ROOTS_A_SITE) {
            seen.put(upload, seen(chunk.site(), chunk.root(), chunks).with(chunk.chunk(), chunk.timestamp()));
        }
    }

    private int uploads(String site) throws Exception {
        int uploads = 0;
        for (String upload : seen.keys()) {
            uploads += upload.startsWith(site + "/") ? 1 : 0;
        }
        return uploads;
    }

    private static String upload(String site, byte[] root) {
        return site + "/" + HexFormat.of().formatHex(root);
    }

    /** Keeps a manifest that came before the round's opening. */
    void keepEarly(UploadNews manifest) throws Exception {
        earlyUploads.add(manifest);
    }

    /** Takes out what came before the opening, in the order of arrival. */
    List<UploadNews> takeEarlyUploads() throws Exception {
        List<UploadNews> early = new ArrayList<>();
        earlyUploads.get().forEach(early::add);
        earlyUploads.clear();
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
        manifests.clear();
        accepted.clear();
        seen.clear();
        earlyUploads.clear();
        earlySeeds.clear();
    }
}
