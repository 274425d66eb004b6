package dev.attache.agent.bootstrap.node;

import dev.attache.agent.bootstrap.node.NetworkCards.Card;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of this proxy by the rules of Istio's agent: {@code INSTANCE_IP} first, then
 * all of all interfaces that are up, without loopback and link-local ones and those of excluded
 * interfaces. Where there are none, loopback's. Beyond Istio, addresses can be put first, and
 * interfaces named. Blocks while an interface waits for its address; one thread.
 */
public final class AddressDiscovery {

    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * What is asked for.
     *
     * @param advertised put first, in place of {@code instanceIp}: addresses, or names of
     *     interfaces
     * @param instanceIp what {@code INSTANCE_IP} says; what is no address is nothing
     * @param named interfaces whose addresses are the only ones; empty for all
     * @param excluded interfaces whose addresses are left out
     */
    public record Wishes(
            List<String> advertised, String instanceIp, List<String> named, List<String> excluded) {

        public Wishes {
            advertised = List.copyOf(advertised);
            named = List.copyOf(named);
            excluded = List.copyOf(excluded);
        }
    }

    private final NetworkCards cards;
    private final List<String> warnings = new ArrayList<>();

    public AddressDiscovery(NetworkCards cards) {
        this.cards = cards;
    }

    /**
     * The addresses.
     *
     * @throws IllegalArgumentException if what is to be advertised is no address and no interface,
     *     or a named interface is not there
     */
    public NodeAddresses find(Wishes wishes) {
        for (String name : wishes.named()) {
            if (card(name) == null) {
                throw missing(name, "no interface");
            }
        }
        Set<String> first = new LinkedHashSet<>();
        for (String advertised : wishes.advertised()) {
            first.addAll(addressesOf(advertised));
        }
        byte[] instance = NetUtil.createByteArrayFromIpAddressString(wishes.instanceIp());
        if (first.isEmpty() && instance != null) {
            first.add(NetworkCards.text(address(instance)));
        }
        List<String> found = found(wishes.named());
        if (found.isEmpty()) {
            found = List.of("127.0.0.1", "::1");
        }
        Set<String> excluded = excluded(wishes.excluded());
        List<String> all = new ArrayList<>(first);
        found.stream().filter(address -> !excluded.contains(address)).forEach(all::add);
        return new NodeAddresses(all);
    }

    /** What is not as it was wished, in words. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * What an address, or the name of an interface, stands for: global addresses, of IPv4 first.
     *
     * @throws IllegalArgumentException if it is neither, naming the interfaces that there are
     */
    public List<String> addressesOf(String text) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
        if (address != null) {
            return List.of(NetworkCards.text(address(address)));
        }
        Card card = card(text);
        List<String> addresses =
                card == null
                        ? List.of()
                        : card.addresses().stream()
                                .filter(AddressDiscovery::counts)
                                .filter(one -> !one.isAnyLocalAddress())
                                .map(NetworkCards::text)
                                .toList();
        if (addresses.isEmpty()) {
            throw missing(text, "neither an address nor an interface that has one");
        }
        return addresses;
    }

    private IllegalArgumentException missing(String text, String what) {
        String names = String.join(", ", cards.all().stream().map(Card::name).toList());
        return new IllegalArgumentException(
                "\"" + text + "\" is " + what + "; interfaces are " + names);
    }

    /**
     * Where connections are to leave from, one address of each family at most. Of an interface
     * those are its first; where an address is named, too, the interface's of that family is not
     * taken.
     *
     * @param what is asked for, for errors
     * @throws IllegalArgumentException if two of one family are named, or what is no address and no
     *     interface
     */
    public List<String> sources(String what, List<String> texts) {
        Map<Boolean, String> sources = new LinkedHashMap<>();
        for (String text : texts) {
            if (isAddress(text)) {
                add(what, sources, addressesOf(text).getFirst());
            }
        }
        Map<Boolean, String> ofCards = new LinkedHashMap<>();
        for (String text : texts) {
            if (!isAddress(text)) {
                Map<Boolean, String> own = new LinkedHashMap<>();
                addressesOf(text).forEach(one -> own.putIfAbsent(isV6(one), one));
                own.keySet().removeAll(sources.keySet());
                own.values().forEach(one -> add(what, ofCards, one));
            }
        }
        sources.putAll(ofCards);
        return List.copyOf(sources.values());
    }

    private static boolean isAddress(String text) {
        return NetUtil.createByteArrayFromIpAddressString(text) != null;
    }

    private static boolean isV6(String address) {
        return address.indexOf(':') >= 0;
    }

    private static void add(String what, Map<Boolean, String> sources, String address) {
        String other = sources.put(isV6(address), address);
        if (other != null && !other.equals(address)) {
            throw new IllegalArgumentException(
                    "%s has both %s and %s: a connection leaves from one address of its family; name one"
                            .formatted(what, other, address));
        }
    }

    private List<String> found(List<String> named) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            List<String> addresses = new ArrayList<>();
            boolean waiting = false;
            for (Card card : cards.all()) {
                boolean wanted = named.isEmpty() || named.contains(card.name());
                if (wanted && card.up() && !card.loopback()) {
                    for (InetAddress address : card.addresses()) {
                        waiting |= address.isAnyLocalAddress();
                        if (counts(address) && !address.isAnyLocalAddress()) {
                            addresses.add(NetworkCards.text(address));
                        }
                    }
                }
            }
            if (!waiting || System.nanoTime() > end || interrupted()) {
                return addresses;
            }
        }
    }

    private static boolean interrupted() {
        try {
            Thread.sleep(PAUSE);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Set<String> excluded(List<String> names) {
        Set<String> addresses = new LinkedHashSet<>();
        for (String name : names) {
            Card card = card(name);
            if (card == null) {
                warnings.add(
                        "the interface "
                                + name
                                + " that is to be left out is not there; see the annotation"
                                + " traffic.sidecar.istio.io/excludeInterfaces");
            } else {
                card.addresses().stream()
                        .filter(AddressDiscovery::counts)
                        .map(NetworkCards::text)
                        .forEach(addresses::add);
            }
        }
        return addresses;
    }

    private @Nullable Card card(String name) {
        return cards.all().stream()
                .filter(card -> card.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static boolean counts(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean linkLocalMulticast =
                bytes.length == 16
                        ? address.isMCLinkLocal()
                        : (bytes[0] & 0xff) == 224 && bytes[1] == 0 && bytes[2] == 0;
        return !address.isLoopbackAddress() && !address.isLinkLocalAddress() && !linkLocalMulticast;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
