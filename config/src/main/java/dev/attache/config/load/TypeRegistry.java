package dev.attache.config.load;

import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.config.api.NewerApi;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the message class of a type URL by the naming rules of the generated code and loads it,
 * with its descriptors, only then. A type URL is data from outside: only classes below the listed
 * prefixes are tried, and only if they are messages. Safe for use from several threads.
 */
public final class TypeRegistry {
    /** Proto package prefix to Java package prefix, longest first where they overlap. */
    private static final String[][] PACKAGES = {
        {"envoy.", "io.envoyproxy.envoy."},
        {"udpa.", "com.github.udpa.udpa."},
        {"xds.", "com.github.xds."},
        {"google.protobuf.", "com.google.protobuf."},
        {"google.rpc.", "com.google.rpc."},
        {"google.api.", "com.google.api."},
        {"cel.", "dev.cel."},
        {"opentelemetry.proto.", "io.opentelemetry.proto."},
    };

    private final Map<String, MessageType> registered = new ConcurrentHashMap<>();
    private final Map<String, Optional<Message>> known = new ConcurrentHashMap<>();

    /**
     * Makes a message type known that does not follow the naming rules, e.g. one of a user's jar.
     */
    public void register(Message prototype) {
        MessageType type = ApiTable.of(prototype);
        registered.put(type.fullName(), type);
        known.put(type.fullName(), Optional.of(prototype));
    }

    /** The type of that full name: of the API, or one that was registered; or null. */
    public @Nullable MessageType message(String fullName) {
        MessageType type = ApiTable.message(fullName);
        return type == null ? registered.get(fullName) : type;
    }

    /** The default instance of the type that the URL names, if there is such a type. */
    public Optional<Message> find(String typeUrl) {
        return findByName(nameOf(typeUrl));
    }

    /** As {@link #find}, by full message name. */
    public Optional<Message> findByName(String fullName) {
        return known.computeIfAbsent(fullName, TypeRegistry::load);
    }

    /** What stands behind the last slash of a type URL. */
    public static String nameOf(String typeUrl) {
        return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    }

    private static Optional<Message> load(String fullName) {
        for (String[] mapping : PACKAGES) {
            if (fullName.startsWith(mapping[0])) {
                return loadClass(className(fullName, mapping[0].length(), mapping[1]))
                        .filter(m -> m.getDescriptorForType().getFullName().equals(fullName))
                        .or(() -> Optional.ofNullable(NewerApi.prototype(fullName)));
            }
        }
        return Optional.empty();
    }

    /** Packages are lower case and messages are not, so the first capital starts the class name. */
    private static String className(String fullName, int prefix, String javaPackage) {
        StringBuilder name = new StringBuilder(javaPackage);
        boolean inClass = false;
        for (String part : fullName.substring(prefix).split("\\.", -1)) {
            if (!name.isEmpty() && name.charAt(name.length() - 1) != '.') {
                name.append(inClass ? '$' : '.');
            }
            name.append(part);
            inClass |= !part.isEmpty() && Character.isUpperCase(part.charAt(0));
        }
        return name.toString();
    }

    private static Optional<Message> loadClass(String className) {
        try {
            Class<?> type = Class.forName(className, false, TypeRegistry.class.getClassLoader());
            if (!Message.class.isAssignableFrom(type)) {
                return Optional.empty();
            }
            return Optional.of((Message) type.getMethod("getDefaultInstance").invoke(null));
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            return Optional.empty(); // no such message: the caller reports the type URL
        } catch (IllegalAccessException | InvocationTargetException | LinkageError e) {
            throw new IllegalStateException("cannot load message class " + className, e);
        }
    }
}
