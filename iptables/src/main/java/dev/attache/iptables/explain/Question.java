package dev.attache.iptables.explain;

import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is asked: {@code SRC DST PORT} and options; everything after {@code --} are flags of the
 * iptables command whose rules are meant instead of the installed ones. Immutable.
 *
 * @param sender "app", "proxy" or an address
 * @param source the address, null for app and proxy
 * @param interfaceName by which it travels, empty to find out
 */
record Question(
        String sender,
        @Nullable IpAddress source,
        IpAddress destination,
        int port,
        boolean udp,
        OptionalLong uid,
        OptionalLong gid,
        int sourcePort,
        String interfaceName,
        List<String> flags) {
    private static final String USAGE =
            "usage: attache intercept explain SRC DST PORT [--udp] [--uid N] [--gid N]"
                    + " [--source-port N] [--interface NAME] [-- flags of iptables]\n"
                    + "SRC is an address, \"app\" or \"proxy\".";

    static Question parse(List<String> args) throws BadInput {
        List<String> words = new ArrayList<>();
        boolean udp = false;
        OptionalLong uid = OptionalLong.empty();
        OptionalLong gid = OptionalLong.empty();
        int sourcePort = 40000;
        String name = "";
        int at = 0;
        for (; at < args.size() && !args.get(at).equals("--"); at++) {
            String word = args.get(at);
            switch (word) {
                case "--udp" -> udp = true;
                case "--tcp" -> udp = false;
                case "--uid" -> uid = OptionalLong.of(number(args, ++at, word, 0xffffffffL));
                case "--gid" -> gid = OptionalLong.of(number(args, ++at, word, 0xffffffffL));
                case "--source-port" -> sourcePort = (int) number(args, ++at, word, 65535);
                case "--interface" -> name = at + 1 < args.size() ? args.get(++at) : "";
                default -> words.add(word);
            }
        }
        List<String> flags = at < args.size() ? args.subList(at + 1, args.size()) : List.of();
        if (words.size() != 3 || words.getFirst().startsWith("-")) {
            throw BadInput.usage(USAGE);
        }
        String sender = words.getFirst();
        boolean named = sender.equals("app") || sender.equals("proxy");
        return new Question(
                sender,
                named ? null : address("SRC", sender),
                address("DST", words.get(1)),
                (int) number(words, 2, "PORT", 65535),
                udp,
                uid,
                gid,
                sourcePort,
                name,
                List.copyOf(flags));
    }

    private static IpAddress address(String what, String text) throws BadInput {
        IpAddress address = IpAddress.parse(text);
        if (address == null) {
            throw BadInput.value(
                    what, text, "not an IP address", "give one, names are not looked up");
        }
        return address.unmapped();
    }

    private static long number(List<String> args, int at, String what, long max) throws BadInput {
        String text = at < args.size() ? args.get(at) : "";
        boolean digits = !text.isEmpty() && text.length() <= 10;
        for (int i = 0; i < text.length() && digits; i++) {
            digits = Character.isDigit(text.charAt(i));
        }
        if (!digits || Long.parseLong(text) > max) {
            throw BadInput.value(what, text, "not a number", "give one from 0 to " + max);
        }
        return Long.parseLong(text);
    }
}
