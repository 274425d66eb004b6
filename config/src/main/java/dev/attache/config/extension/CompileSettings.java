package dev.attache.config.extension;

import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.config.validate.ConstraintValidator;
import dev.attache.config.validate.DeprecatedFields;
import dev.attache.proxy.accesslog.LogFiles;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What all compilations of a process share.
 *
 * @param unknownFields policy for TypedStructs and messages inside Anys
 * @param runtime the runtime layers as they stand
 * @param secrets where references to secrets are resolved
 * @param logFiles opens access logs, at compile time as Envoy does
 * @param knownClusters whether a cluster of the name exists, for routes that validate theirs
 * @param environment the process environment, as {@code environment_variable} data sources see it
 * @param hasNode whether the node has an id and a cluster, without which nothing is subscribed
 */
public record CompileSettings(
        ExtensionRegistry registry,
        TypeRegistry types,
        ConstraintValidator validator,
        DeprecatedFields deprecated,
        UnknownFieldPolicy unknownFields,
        RuntimeValues runtime,
        SecretSources secrets,
        LogFiles logFiles,
        Predicate<String> knownClusters,
        Map<String, String> environment,
        boolean hasNode) {

    /** The strictest settings: what static configuration gets without any flag or runtime. */
    public static CompileSettings strict(
            ExtensionRegistry registry, SecretSources secrets, LogFiles logFiles) {
        return new CompileSettings(
                registry,
                new TypeRegistry(),
                new ConstraintValidator(),
                new DeprecatedFields(name -> false),
                UnknownFieldPolicy.REJECT,
                RuntimeValues.EMPTY,
                secrets,
                logFiles,
                name -> true,
                Map.of(),
                true);
    }

    public CompileSettings withUnknownFields(UnknownFieldPolicy policy) {
        return new CompileSettings(
                registry,
                types,
                validator,
                deprecated,
                policy,
                runtime,
                secrets,
                logFiles,
                knownClusters,
                environment,
                hasNode);
    }

    public CompileSettings withNode(boolean named) {
        return new CompileSettings(
                registry,
                types,
                validator,
                deprecated,
                unknownFields,
                runtime,
                secrets,
                logFiles,
                knownClusters,
                environment,
                named);
    }

    public CompileSettings withKnownClusters(Predicate<String> known) {
        return new CompileSettings(
                registry,
                types,
                validator,
                deprecated,
                unknownFields,
                runtime,
                secrets,
                logFiles,
                known,
                environment,
                hasNode);
    }
}
