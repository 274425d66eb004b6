package dev.attache.proxy.stream.format;

import java.util.List;
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

    private BuiltinCommands() {}

    /**
     * @throws IllegalArgumentException in Envoy's words
     */
    static FormatCommand create(CommandText text, List<CommandFactory> extensions) {
        FormatCommand command = of(extensions, text);
        if (command != null) {
            return new ContainedCommand(text.name(), command);
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
