package dev.attache.proxy.stream.format;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every command that needs no extension, family by family. */
final class BuiltinCommands {

    private static final List<CommandFactory> FAMILIES =
            List.of(
                    HeaderCommands::create,
                    QueryCommands::create,
                    StreamCommands::create,
                    TimeCommands::create,
                    ByteCommands::create,
                    AddressCommands::create,
                    UpstreamCommands::create,
                    TlsCommands::create,
                    StateCommands::create,
                    Coalesce::create);

    /** Envoy's own that are missing here. */
    private static final Set<String> NOT_BUILT = Set.of("CEL", "TYPED_CEL");

    private BuiltinCommands() {}

    /**
     * @throws IllegalArgumentException in Envoy's words
     */
    static FormatCommand create(CommandText text, List<CommandFactory> extensions) {
        FormatCommand command = of(extensions, text);
        if (command != null) {
            return new ContainedCommand(text.name(), command);
        }
        if (NOT_BUILT.contains(text.name())) {
            throw new IllegalArgumentException(
                    "%" + text.name() + "% is not built yet, see docs/extensions.md for what is");
        }
        CommandSyntax.check(text);
        command = of(FAMILIES, text);
        if (command == null) {
            throw CommandSyntax.unknown(text.name());
        }
        return command;
    }

    private static @Nullable FormatCommand of(List<CommandFactory> families, CommandText text) {
        for (CommandFactory family : families) {
            FormatCommand command = family.create(text.name(), text.argument(), text.maxLength());
            if (command != null) {
                return command;
            }
        }
        return null;
    }
}
