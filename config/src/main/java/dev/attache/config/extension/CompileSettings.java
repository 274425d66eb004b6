package dev.attache.config.extension;

import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.validate.ConstraintValidator;
import dev.attache.config.validate.DeprecatedFields;
import java.util.Map;

/**
 * What all compilations of a process share.
 *
 * @param unknownFields policy for TypedStructs and messages inside Anys
 * @param environment the process environment, as {@code environment_variable} data sources see it
 */
public record CompileSettings(
        ExtensionRegistry registry,
        TypeRegistry types,
        ConstraintValidator validator,
        DeprecatedFields deprecated,
        UnknownFieldPolicy unknownFields,
        Map<String, String> environment) {

    /** As strict as static configuration is by default. */
    public static CompileSettings strict(ExtensionRegistry registry) {
        return new CompileSettings(
                registry,
                new TypeRegistry(),
                new ConstraintValidator(),
                new DeprecatedFields(name -> false),
                UnknownFieldPolicy.REJECT,
                Map.of());
    }

    public CompileSettings withUnknownFields(UnknownFieldPolicy policy) {
        return new CompileSettings(registry, types, validator, deprecated, policy, environment);
    }
}
