package dev.attache.config.route;

import com.google.protobuf.Any;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;

/** {@code retry_priority} of retry policies: those of routes, and those of calls. */
public final class RetryPriorities {
    private static final String PREVIOUS_PRIORITIES =
            "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig";

    private RetryPriorities() {}

    /**
     * How often {@code previous_priorities} looks at what was tried; 0 where there is none, or
     * another, which is reported.
     *
     * @param context of the policy
     */
    public static int updateFrequency(
            boolean present, String name, Any config, CompileContext context) {
        if (!present) {
            return 0;
        }
        CompileContext at = context.at("retry_priority");
        String type = TypeRegistry.nameOf(config.getTypeUrl());
        if (!type.equals(PREVIOUS_PRIORITIES)) {
            at.missing(name, type);
            return 0;
        }
        PreviousPrioritiesConfig priorities =
                at.at("typed_config").unpack(config, PreviousPrioritiesConfig.getDefaultInstance());
        return priorities == null ? 0 : priorities.getUpdateFrequency();
    }
}
