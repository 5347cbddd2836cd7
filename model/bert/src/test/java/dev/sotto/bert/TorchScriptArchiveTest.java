package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class TorchScriptArchiveTest {
    private static final String SOURCE_FILE = "affine.py";

    private static ScriptObject affine(ElementType type) {
        ScriptObject inner = new ScriptObject("Shift")
                .tensor("by", new Weight(List.of(2), new float[] {10, 20}), type)
                .none("cache");
        return new ScriptObject("Affine")
                .tensor("weight", new Weight(List.of(2, 3), new float[] {1, 2, 3, 4, 5, 6}), type)
                .module("shift", inner);
    }

    private static float[] apply(TorchModule module, float... x) {
        return module.call("forward", scope -> new NDList(scope.create(x)));
    }

    @Test
    void write_aModuleOfModules_isLoadedByTorch() {
        for (ElementType type : ElementType.values()) {
            try (TorchModule module = TorchModule.load(affine(type), new ScriptSource().include(SOURCE_FILE), false)) {
                assertThat(apply(module, 1, 0, 0)).containsExactly(11, 24);
                assertThat(apply(module, 1, 1, 1)).containsExactly(16, 35);
            }
        }
    }

    @Test
    void write_anAbsentAttribute_isFilledByAMethod() {
        try (TorchModule module =
                TorchModule.load(affine(ElementType.FLOAT32), new ScriptSource().include(SOURCE_FILE), false)) {
            assertThat(module.call("remember", scope -> new NDList(scope.create(new float[] {7, 8, 9}))))
                    .containsExactly(7, 8, 9);
            assertThat(module.call("recall", scope -> new NDList())).containsExactly(7, 8, 9);
        }
    }

    @Test
    void write_theSameModuleTwice_givesTheSameStoredEntries() throws IOException {
        assertThat(entries(write())).isEqualTo(entries(write())).containsKeys("sotto/data.pkl", "sotto/data/1");
    }

    private static byte[] write() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TorchScriptArchive.write(affine(ElementType.FLOAT32), "", out);
        return out.toByteArray();
    }

    private static TreeMap<String, Long> entries(byte[] archive) throws IOException {
        TreeMap<String, Long> checksums = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                checksums.put(entry.getName(), entry.getCrc());
            }
        }
        return checksums;
    }

    @Test
    void load_aSourceThatDoesNotCompile_saysWhere() {
        ScriptObject stranger = new ScriptObject("Stranger");
        assertThatThrownBy(() -> TorchModule.load(stranger, new ScriptSource().include(SOURCE_FILE), false))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("Stranger");
    }

    @Test
    void call_thatFails_leavesNoNativeArrays() {
        try (TorchModule module =
                TorchModule.load(affine(ElementType.FLOAT32), new ScriptSource().include(SOURCE_FILE), false)) {
            assertThatThrownBy(() -> apply(module, 1, 2)).isInstanceOf(EngineException.class);
            assertThat(module.nativeResources()).isZero();
        }
    }
}
