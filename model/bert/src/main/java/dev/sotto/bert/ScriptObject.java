package dev.sotto.bert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An instance of a TorchScript module class: the class's name in the source text and the values of its attributes, which
 * may be modules again. Not thread-safe while it is being filled.
 */
final class ScriptObject {
    /** The value of one attribute. */
    sealed interface Value {}

    /** A tensor with its storage type. */
    record TensorValue(Weight weight, ElementType type) implements Value {}

    /** A submodule. */
    record ModuleValue(ScriptObject module) implements Value {}

    /** None, for an Optional that a method fills after loading. */
    record NoneValue() implements Value {}

    private final String className;
    private final Map<String, Value> attributes = new LinkedHashMap<>();

    ScriptObject(String className) {
        this.className = className;
    }

    ScriptObject tensor(String name, Weight weight, ElementType type) {
        attributes.put(name, new TensorValue(weight, type));
        return this;
    }

    ScriptObject module(String name, ScriptObject module) {
        attributes.put(name, new ModuleValue(module));
        return this;
    }

    ScriptObject none(String name) {
        attributes.put(name, new NoneValue());
        return this;
    }

    String className() {
        return className;
    }

    Map<String, Value> attributes() {
        return Collections.unmodifiableMap(attributes);
    }
}
