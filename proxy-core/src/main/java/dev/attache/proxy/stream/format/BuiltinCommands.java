package dev.attache.proxy.stream.format;

import java.util.List;

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
        throw new IllegalArgumentException("Not supported field in StreamInfo: " + text.name());
    }
}
