package dev.attache.agent.bootstrap.node;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The network interfaces of the machine. Any thread. */
public class NetworkCards {

    private static final int UP = 1;

    /**
     * An interface.
     *
     * @param name as {@code ip link} shows it
     * @param up whether an operator has switched it on; a cable is not asked for
     * @param loopback whether it leads nowhere
     * @param addresses IPv4 in the kernel's order, then IPv6 by their octets
     */
    public record Card(String name, boolean up, boolean loopback, List<InetAddress> addresses) {}

    /** All of them in the kernel's order. */
    public List<Card> all() {
        try {
            List<NetworkInterface> found =
                    new ArrayList<>(Collections.list(NetworkInterface.getNetworkInterfaces()));
            found.sort(Comparator.comparingInt(NetworkInterface::getIndex));
            List<Card> cards = new ArrayList<>();
            for (NetworkInterface card : found) {
                cards.add(new Card(card.getName(), up(card), card.isLoopback(), addresses(card)));
            }
            return cards;
        } catch (SocketException e) {
            throw new UncheckedIOException("the network interfaces cannot be listed", e);
        }
    }

    /** An address as Go writes it: IPv6 with {@code ::}, without the interface. */
    public static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    private static List<InetAddress> addresses(NetworkInterface card) {
        List<InetAddress> all = new ArrayList<>(Collections.list(card.getInetAddresses()));
        Collections.reverse(all); // the JDK puts each before those it has found
        all.sort(NetworkCards::order);
        return all;
    }

    /** Those of IPv6 come by a hash of the kernel's, which differs from start to start. */
    private static int order(InetAddress one, InetAddress other) {
        byte[] first = one.getAddress();
        byte[] second = other.getAddress();
        return first.length == second.length && first.length == 4
                ? 0
                : first.length == second.length
                        ? Arrays.compareUnsigned(first, second)
                        : Integer.compare(first.length, second.length);
    }

    /** The JDK's own answer is no where a cable is missing. */
    private static boolean up(NetworkInterface card) throws SocketException {
        Path flags = Path.of("/sys/class/net", card.getName(), "flags");
        try {
            return (Integer.decode(Files.readString(flags).strip()) & UP) != 0;
        } catch (IOException | NumberFormatException e) {
            return card.isUp(); // no such file, as within some containers
        }
    }
}
