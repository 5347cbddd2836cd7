package dev.sotto.bert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive, so that a module composed here is loaded by stock PyTorch: a stored (not deflated) zip of
 * source text, a pickle of the module's attributes, and one raw little-endian file per tensor.
 */
final class TorchScriptArchive {
    /** The file format version of PyTorch 2; an older one would have the loader rewrite operators. */
    private static final String FORMAT = "10\n";

    private static final String ROOT = "sotto/";
    private static final byte[] NO_CONSTANTS = new PickleWriter().emptyTuple().stop();

    private final PickleWriter pickle = new PickleWriter();
    private final List<ScriptObject.TensorValue> storages = new ArrayList<>();

    private TorchScriptArchive() {}

    /**
     * Writes a module.
     *
     * @param module the root module, an instance of a class of the source
     * @param source the classes as TorchScript text; they live in the name space {@code __torch__}
     * @param out not closed
     */
    static void write(ScriptObject module, String source, OutputStream out) throws IOException {
        TorchScriptArchive archive = new TorchScriptArchive();
        archive.pickle(module);
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        entry(zip, "data.pkl", archive.pickle.stop());
        entry(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
        entry(zip, "constants.pkl", NO_CONSTANTS);
        entry(zip, "version", FORMAT.getBytes(StandardCharsets.US_ASCII));
        entry(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < archive.storages.size(); i++) {
            ScriptObject.TensorValue tensor = archive.storages.get(i);
            entry(zip, "data/" + i, tensor.type().encode(tensor.weight().values()));
        }
        zip.finish();
    }

    private void pickle(ScriptObject module) {
        pickle.global("__torch__", module.className()).emptyTuple().newObject();
        pickle.emptyDict().mark();
        pickle.string("training").bool(false);
        module.attributes().forEach((name, value) -> {
            pickle.string(name);
            if (value instanceof ScriptObject.TensorValue tensor) {
                pickle(tensor);
            } else if (value instanceof ScriptObject.ModuleValue child) {
                pickle(child.module());
            } else {
                pickle.none();
            }
        });
        pickle.setItems().build();
    }

    private void pickle(ScriptObject.TensorValue tensor) {
        Weight weight = tensor.weight();
        pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
        pickle.mark()
                .string("storage")
                .global("torch", tensor.type().storage())
                .string(Integer.toString(storages.size()))
                .string("cpu")
                .integer(weight.values().length)
                .endTuple()
                .persistentId();
        storages.add(tensor);
        pickle.integer(0).tuple(weight.shape()).tuple(strides(weight.shape()));
        pickle.bool(false).global("collections", "OrderedDict").emptyTuple().reduce();
        pickle.endTuple().reduce();
    }

    private static List<Integer> strides(List<Integer> shape) {
        List<Integer> strides = new ArrayList<>(shape);
        int stride = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            strides.set(i, stride);
            stride = Math.multiplyExact(stride, shape.get(i));
        }
        return strides;
    }

    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(ROOT + name);
        entry.setSize(bytes.length);
        entry.setCompressedSize(bytes.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
