package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.NamedTensor;
import dev.sotto.federation.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A base model's projections with a LoRA adapter added into them, W + alpha / rank B A, and the heads beside. */
final class MergedAdapter implements EncoderScript.ProjectionSource {
    private final BaseModel base;
    private final AdapterSpec adapter;
    private final ParameterLayout layout;
    private final float[] parameters;
    private final Map<String, NamedTensor> tensors;

    MergedAdapter(BaseModel base, AdapterSpec adapter, ParameterLayout layout, float[] parameters) {
        this.base = base;
        this.adapter = adapter;
        this.layout = layout;
        this.parameters = parameters;
        this.tensors = layout.tensors().stream().collect(Collectors.toMap(NamedTensor::name, Function.identity()));
    }

    @Override
    public Weight weight(int layer, String projection) {
        String module = "encoder.layer." + layer + ".attention.self." + projection;
        Weight original = base.weight(module + ".weight");
        if (!adapter.layers().contains(layer)) {
            return original;
        }
        Weight a = tensor("base_model.model." + module + ".lora_A.weight");
        Weight b = tensor("base_model.model." + module + ".lora_B.weight");
        int hidden = original.columns();
        float[] merged = original.values().clone();
        for (int row = 0; row < hidden; row++) {
            for (int k = 0; k < adapter.rank(); k++) {
                float factor = (float) (adapter.scaling() * b.values()[row * adapter.rank() + k]);
                for (int column = 0; column < hidden; column++) {
                    merged[row * hidden + column] += factor * a.values()[k * hidden + column];
                }
            }
        }
        return new Weight(List.of(hidden, hidden), merged);
    }

    Weight headWeight(int head) {
        return tensor(layout.weight(head));
    }

    Weight headBias(int head) {
        return tensor(layout.bias(head));
    }

    private Weight tensor(String name) {
        NamedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "the layout lacks tensor %s; it has %s".formatted(name, tensors.keySet()));
        }
        return tensor(tensor);
    }

    private Weight tensor(NamedTensor tensor) {
        return new Weight(
                tensor.shape(), Arrays.copyOfRange(parameters, tensor.offset(), tensor.offset() + tensor.size()));
    }
}
