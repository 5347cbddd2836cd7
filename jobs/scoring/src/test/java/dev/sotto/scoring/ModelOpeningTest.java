package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.bert.Variant;
import dev.sotto.federation.LocalModelStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelOpeningTest {
    @TempDir
    private Path directory;

    private Variant opened(Variant accepted, Variant wanted) throws Exception {
        LocalModelStore store = new LocalModelStore(directory);
        ModelUpdate update = new ModelUpdate(
                        0,
                        store.put(TestModels.INITIAL).toString(),
                        TestModels.INITIAL.manifest().sha256())
                .in(accepted);
        ModelOpening opening = new ModelOpening(() -> store, wanted);
        opening.open();
        SharedScorers.Lease lease = opening.open(update);
        lease.close();
        return lease.variant();
    }

    @Test
    void open_modelAcceptedForAnArithmeticNoLongerWanted_servesInSinglePrecision() throws Exception {
        assertThat(opened(Variant.INT8, Variant.INT8)).isEqualTo(Variant.INT8);
        assertThat(opened(Variant.INT8, Variant.FP32)).isEqualTo(Variant.FP32);
        assertThat(opened(Variant.FP32, Variant.INT8)).isEqualTo(Variant.FP32);
    }
}
