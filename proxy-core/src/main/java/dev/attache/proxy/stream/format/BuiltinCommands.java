package dev.attache.proxy.stream.format;

import java.util.List;
import java.util.Set;

/** Every command that needs no extension, family by family. */
final class BuiltinCommands {

    private static final List<CommandFactory> FAMILIES =
            List.of(
                    HeaderCommands::create,
                    StreamCommands::create,
                    TimeCommands::create,
                    ByteCommands::create,
                    AddressCommands::create,
                    TlsCommands::create,
                    StateCommands::create);

    /** Envoy's own that are missing here. */
    private static final Set<String> NOT_BUILT = Set.of("CEL", "TYPED_CEL");

    private BuiltinCommands() {}

    static FormatCommand create(CommandText text, List<CommandFactory> extensions) {
        for (CommandFactory family : extensions) {
            FormatCommand command = family.create(text.name(), text.argument(), text.maxLength());
            if (command != null) {
                return command;
            }
        }
        for (CommandFactory family : FAMILIES) {
            FormatCommand command = family.create(text.name(), text.argument(), text.maxLength());
            if (command != null) {
                return command;
            }
        }
        if (NOT_BUILT.contains(text.name())) {
            throw new IllegalArgumentException(
                    "%" + text.name() + "% is not built yet, see docs/extensions.md for what is");
        }
        throw new IllegalArgumentException("Not supported field in StreamInfo: " + text.name());
    }
}
