package dev.sotto.bert;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The publisher's ONNX model run by ONNX Runtime on one thread: the reference for values, the peer for speed. */
final class OrtEncoder implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    /** Loads a model from the class path. */
    OrtEncoder(String resource) throws OrtException, IOException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                InputStream stream = OrtEncoder.class.getResourceAsStream(resource)) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            this.session = environment.createSession(stream.readAllBytes(), options);
        }
    }

    /** The last hidden states, rows x width x hidden, of the texts at these indices. */
    float[] hiddenStates(List<TokenizedText> texts, int[] indices) throws OrtException {
        int width = Arrays.stream(indices)
                .map(index -> texts.get(index).length())
                .max()
                .orElseThrow();
        long[] ids = new long[indices.length * width];
        long[] mask = new long[ids.length];
        long[] segments = new long[ids.length];
        for (int row = 0; row < indices.length; row++) {
            TokenizedText text = texts.get(indices[row]);
            int from = row * width;
            System.arraycopy(text.ids(), 0, ids, from, text.length());
            Arrays.fill(mask, from, from + text.length(), 1);
            Arrays.fill(segments, from + text.firstLength(), from + text.length(), 1);
        }
        long[] shape = {indices.length, width};
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            inputs.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
            inputs.put("attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape));
            if (session.getInputNames().contains("token_type_ids")) {
                inputs.put("token_type_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(segments), shape));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                return values;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
