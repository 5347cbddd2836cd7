package dev.sotto.simulation.stream;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.operators.Input;
import org.apache.flink.streaming.api.operators.MultipleInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.transformations.KeyedMultipleInputTransformation;
import org.apache.flink.streaming.api.transformations.MultipleInputTransformation;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;

/** The operator of a subtask, with any number of inputs. Not thread-safe. */
final class OperatorHarness extends AbstractStreamOperatorTestHarness<Object> {
    /** Key groups: enough to be spread and few enough to be written quickly. */
    static final int MAX_PARALLELISM = 8;

    private OperatorHarness(
            StreamOperatorFactory<Object> factory,
            int parallelism,
            int subtask,
            List<? extends KeySelector<?, ?>> keys,
            @Nullable TypeInformation<?> keyType,
            TypeSerializer<Object> out)
            throws Exception {
        super(factory, MAX_PARALLELISM, parallelism, subtask);
        for (int input = 0; input < keys.size(); input++) {
            config.setStatePartitioner(input, keys.get(input));
        }
        if (keyType != null) {
            config.setStateKeySerializer(Route.serializer(keyType));
        }
        config.serializeAllConfigs();
        setup(out);
    }

    /** A transformation's operator; every subtask and every attempt gets its own copy, as on a cluster. */
    @SuppressWarnings("unchecked")
    static OperatorHarness of(Transformation<?> of, int parallelism, int subtask) throws Exception {
        StreamOperatorFactory<?> factory;
        List<KeySelector<?, ?>> keys = new ArrayList<>();
        TypeInformation<?> keyType;
        if (of instanceof OneInputTransformation<?, ?> one) {
            factory = one.getOperatorFactory();
            keys.add(one.getStateKeySelector());
            keyType = one.getStateKeyType();
        } else if (of instanceof TwoInputTransformation<?, ?, ?> two) {
            factory = two.getOperatorFactory();
            keys.add(two.getStateKeySelector1());
            keys.add(two.getStateKeySelector2());
            keyType = two.getStateKeyType();
        } else if (of instanceof KeyedMultipleInputTransformation<?> keyed) {
            factory = keyed.getOperatorFactory();
            keys.addAll(keyed.getStateKeySelectors());
            keyType = keyed.getStateKeyType();
        } else if (of instanceof MultipleInputTransformation<?> many) {
            factory = many.getOperatorFactory();
            keyType = null;
        } else {
            throw new IllegalArgumentException("%s is a %s, which is not simulated"
                    .formatted(of, of.getClass().getSimpleName()));
        }
        if (keyType == null) {
            keys.clear();
        }
        ClassLoader loader = OperatorHarness.class.getClassLoader();
        StreamOperatorFactory<Object> own = (StreamOperatorFactory<Object>) InstantiationUtil.clone(factory, loader);
        TypeSerializer<Object> out = (TypeSerializer<Object>) Route.serializer(of.getOutputType());
        return new OperatorHarness(own, parallelism, subtask, keys, keyType, out);
    }

    @SuppressWarnings("unchecked")
    void element(int input, StreamRecord<?> record) throws Exception {
        StreamRecord<Object> untyped = (StreamRecord<Object>) record;
        StreamOperator<Object> running = operator;
        if (running instanceof OneInputStreamOperator<?, ?> one) {
            OneInputStreamOperator<Object, Object> operator = (OneInputStreamOperator<Object, Object>) one;
            operator.setKeyContextElement(untyped);
            operator.processElement(untyped);
        } else if (running instanceof TwoInputStreamOperator<?, ?, ?> two) {
            TwoInputStreamOperator<Object, Object, Object> operator =
                    (TwoInputStreamOperator<Object, Object, Object>) two;
            if (input == 0) {
                operator.setKeyContextElement1(untyped);
                operator.processElement1(untyped);
            } else {
                operator.setKeyContextElement2(untyped);
                operator.processElement2(untyped);
            }
        } else {
            Input<Object> into = input(input);
            into.setKeyContextElement(untyped);
            into.processElement(untyped);
        }
    }

    void watermark(int input, Watermark watermark) throws Exception {
        StreamOperator<Object> running = operator;
        if (running instanceof OneInputStreamOperator<?, ?> one) {
            one.processWatermark(watermark);
        } else if (running instanceof TwoInputStreamOperator<?, ?, ?> two) {
            if (input == 0) {
                two.processWatermark1(watermark);
            } else {
                two.processWatermark2(watermark);
            }
        } else {
            input(input).processWatermark(watermark);
        }
    }

    void status(int input, WatermarkStatus status) throws Exception {
        StreamOperator<Object> running = operator;
        if (running instanceof OneInputStreamOperator<?, ?> one) {
            one.processWatermarkStatus(status);
        } else if (running instanceof TwoInputStreamOperator<?, ?, ?> two) {
            if (input == 0) {
                two.processWatermarkStatus1(status);
            } else {
                two.processWatermarkStatus2(status);
            }
        } else {
            input(input).processWatermarkStatus(status);
        }
    }

    @SuppressWarnings("unchecked")
    private Input<Object> input(int input) {
        MultipleInputStreamOperator<Object> multiple = (MultipleInputStreamOperator<Object>) operator;
        return (Input<Object>) multiple.getInputs().get(input);
    }
}
