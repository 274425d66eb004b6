package dev.attache.server.overload;

import dev.attache.config.overload.OverloadSpec.Trigger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A value from 0 to 1 that follows the pressure of some resources: the largest counts. */
final class TriggeredValue {

    private final Map<String, Trigger> triggers = new HashMap<>();
    private final Map<String, Float> values = new HashMap<>();

    TriggeredValue(List<Trigger> triggers) {
        triggers.forEach(trigger -> this.triggers.put(trigger.resource(), trigger));
    }

    /**
     * A resource was measured.
     *
     * @return whether this resource now asks for something else than before
     */
    boolean update(String resource, double pressure) {
        Trigger trigger = triggers.get(resource);
        if (trigger == null) {
            return false;
        }
        float value = trigger.value(pressure);
        Float before = values.put(resource, value);
        return value != (before == null ? 0 : before);
    }

    /** What one resource asks for. */
    float value(String resource) {
        return values.getOrDefault(resource, 0f);
    }

    /** What the most demanding resource asks for. */
    float value() {
        float most = 0;
        for (float value : values.values()) {
            most = Math.max(most, value);
        }
        return most;
    }
}
