package dev.attache.config.overload;

import com.google.protobuf.Duration;
import dev.attache.api.Overlay;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.overload.OverloadSpec.Action;
import dev.attache.config.overload.OverloadSpec.Trigger;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.ScaledMinimum;
import dev.attache.proxy.overload.ScaledTimeout;
import io.envoyproxy.envoy.config.overload.v3.ScaleTimersOverloadActionConfig;
import io.envoyproxy.envoy.config.overload.v3.ScaleTimersOverloadActionConfig.ScaleTimer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The actions of an overload manager. An action is known by its name; one that scales timers also
 * by its configuration, and may then have a name of its own.
 */
final class ActionCompiler {

    private static final String RESERVED = "envoy.overload_actions.";
    private static final String SCALE_TIMERS_CONFIG =
            "envoy.config.overload.v3.ScaleTimersOverloadActionConfig";
    private static final String SHRINK_HEAP = "envoy.config.overload.v3.ShrinkHeapConfig";

    private final OverloadCompiler overload;
    private final boolean buffersTracked;
    private final Set<String> names = new LinkedHashSet<>();
    private final List<Action> actions = new ArrayList<>();
    private final Map<ScaledTimeout, String> scaledBy = new EnumMap<>(ScaledTimeout.class);
    private long shrinkMillis = OverloadSpec.DEFAULT_SHRINK_MILLIS;
    private long shrinkKeepBytes = OverloadSpec.DEFAULT_SHRINK_KEEP_BYTES;

    ActionCompiler(OverloadCompiler overload, boolean buffersTracked) {
        this.overload = overload;
        this.buffersTracked = buffersTracked;
    }

    Set<String> names() {
        return names;
    }

    List<Action> compiled() {
        return actions;
    }

    long shrinkMillis() {
        return shrinkMillis;
    }

    long shrinkKeepBytes() {
        return shrinkKeepBytes;
    }

    void add(io.envoyproxy.envoy.config.overload.v3.OverloadAction action, CompileContext at) {
        String name = action.getName();
        OverloadAction kind = kind(action, at);
        List<Trigger> triggers =
                overload.triggers(
                        action.getTriggersList(),
                        "overload action " + name,
                        "overload action " + name,
                        true,
                        at);
        if (!names.add(name)) {
            at.at("name").error("Duplicate overload action " + name);
        }
        if (kind == null) {
            return;
        }
        Map<ScaledTimeout, ScaledMinimum> minimums = Map.of();
        switch (kind) {
            case REDUCE_TIMEOUTS -> minimums = minimums(action, at.at("typed_config"));
            case RESET_HIGH_MEMORY_STREAM -> {
                if (!buffersTracked) {
                    at.error(quoted(name) + " requires buffer_factory_config.");
                }
            }
            case SHRINK_HEAP -> shrinkHeap(action, at.at("typed_config"));
            case CLOSE_IDLE_HTTP_CONNECTIONS ->
                    at.at("name")
                            .warning(
                                    "it closes idle HTTP/3 connections, of which there are none"
                                            + " here");
            default -> {}
        }
        boolean takesConfig =
                kind == OverloadAction.REDUCE_TIMEOUTS || kind == OverloadAction.SHRINK_HEAP;
        if (action.hasTypedConfig() && !takesConfig) {
            at.at("typed_config")
                    .error(quoted(name) + " has an unexpected value for the typed_config field");
        }
        actions.add(new Action(name, kind, triggers, minimums));
    }

    private static String quoted(String name) {
        return "Overload action \"" + name + "\"";
    }

    private static @Nullable OverloadAction kind(
            io.envoyproxy.envoy.config.overload.v3.OverloadAction action, CompileContext at) {
        String name = action.getName();
        OverloadAction known = OverloadAction.named(name);
        if (known == OverloadAction.REDUCE_TIMEOUTS || !scalesTimers(action)) {
            if (known == null) {
                at.at("name").error("Unknown Overload Manager Action " + name);
            }
            return known;
        }
        if (known != null) {
            at.at("name")
                    .error(
                            "Overload action name \"%s\" conflicts with its typed config"
                                    .formatted(name));
            return null;
        }
        if (name.startsWith(RESERVED)) {
            at.at("name")
                    .error(
                            "Overload action name \"%s\" uses reserved prefix \"%s\""
                                    .formatted(name, RESERVED));
            return null;
        }
        return OverloadAction.REDUCE_TIMEOUTS;
    }

    private static boolean scalesTimers(
            io.envoyproxy.envoy.config.overload.v3.OverloadAction action) {
        return TypeRegistry.nameOf(action.getTypedConfig().getTypeUrl())
                .equals(SCALE_TIMERS_CONFIG);
    }

    private Map<ScaledTimeout, ScaledMinimum> minimums(
            io.envoyproxy.envoy.config.overload.v3.OverloadAction action, CompileContext at) {
        Map<ScaledTimeout, ScaledMinimum> minimums = new EnumMap<>(ScaledTimeout.class);
        if (!action.hasTypedConfig()) {
            at.error(quoted(action.getName()) + " requires typed_config");
            return minimums;
        }
        if (!scalesTimers(action)) {
            at.error(
                    "typed_config resolves to %s instead of %s"
                            .formatted(
                                    TypeRegistry.nameOf(action.getTypedConfig().getTypeUrl()),
                                    SCALE_TIMERS_CONFIG));
            return minimums;
        }
        ScaleTimersOverloadActionConfig config =
                at.unpack(
                        action.getTypedConfig(),
                        ScaleTimersOverloadActionConfig.getDefaultInstance());
        if (config == null) {
            return minimums;
        }
        for (int i = 0; i < config.getTimerScaleFactorsCount(); i++) {
            ScaleTimer timer = config.getTimerScaleFactors(i);
            CompileContext here = at.at("timer_scale_factors", i);
            ScaledTimeout timeout = ScaledTimeout.valueOf(timer.getTimer().name());
            if (minimums.put(timeout, minimum(timer, here)) != null) {
                here.at("timer")
                        .error("Found duplicate entry for timer type " + timer.getTimer().name());
            }
            String other = scaledBy.putIfAbsent(timeout, action.getName());
            if (other != null && !other.equals(action.getName())) {
                here.at("timer")
                        .error(
                                "Timer type is configured by both overload actions \"%s\" and \"%s\""
                                        .formatted(other, action.getName()));
            }
        }
        return minimums;
    }

    private static ScaledMinimum minimum(ScaleTimer timer, CompileContext at) {
        return timer.hasMinTimeout()
                ? ScaledMinimum.ofMillis(
                        Durations.millis(timer.getMinTimeout(), at.at("min_timeout")))
                : ScaledMinimum.ofShare(timer.getMinScale().getValue() / 100);
    }

    private void shrinkHeap(
            io.envoyproxy.envoy.config.overload.v3.OverloadAction action, CompileContext at) {
        if (!action.hasTypedConfig()) {
            return;
        }
        Overlay config = at.overlay(action.getTypedConfig(), SHRINK_HEAP);
        if (config == null) {
            return;
        }
        Duration interval = config.message("timer_interval", Duration.getDefaultInstance());
        if (interval != null) {
            shrinkMillis = Durations.millis(interval, at.at("timer_interval"));
        }
        if (config.has("max_unfreed_memory_bytes")) {
            shrinkKeepBytes = config.number("max_unfreed_memory_bytes");
        }
    }
}
