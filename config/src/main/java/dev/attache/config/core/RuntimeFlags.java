package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;

/** {@code envoy.config.core.v3.RuntimeFeatureFlag}. */
public final class RuntimeFlags {
    private RuntimeFlags() {}

    /** The value in force now: runtime's if the key is set there, else the default, else true. */
    public static boolean compile(RuntimeFeatureFlag flag, CompileContext context) {
        boolean fallback = !flag.hasDefaultValue() || flag.getDefaultValue().getValue();
        return context.settings().runtime().flag(flag.getRuntimeKey(), fallback);
    }
}
