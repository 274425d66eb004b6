package dev.attache.config.extension.jar;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The classes and resources of one user's jar, or directory of jars, in one generation. Its own
 * come first, so that it may bring a library in a version of its own; but what the engine's API is
 * made of is always the engine's ({@link SharedPackages}). Any thread.
 */
final class JarClassLoader extends ClassLoader {
    private static final String SERVICES = "META-INF/services/";

    /** Between the path of a jar and that of its entry. */
    private static final String INSIDE = "!/";

    static {
        registerAsParallelCapable();
    }

    /** One jar of it. */
    record Part(Path file, JarContent content) {}

    private final List<Part> parts;
    private final URLStreamHandler handler = new Handler();

    /**
     * @param name for stack traces and dumps
     * @param parts searched in order
     * @param engine what the proxy's own classes are loaded by
     */
    JarClassLoader(String name, List<Part> parts, ClassLoader engine) {
        super(name, engine);
        this.parts = List.copyOf(parts);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            Class<?> type = known == null ? load(name) : known;
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        if (SharedPackages.areTheEngines(name)) {
            Class<?> engines = by(getParent(), name);
            return engines == null ? findClass(name) : engines;
        }
        Class<?> jdks =
                SharedPackages.mayBeTheJdks(name) ? by(getPlatformClassLoader(), name) : null;
        if (jdks != null) {
            return jdks;
        }
        return has(resource(name)) ? findClass(name) : getParent().loadClass(name);
    }

    private static @Nullable Class<?> by(ClassLoader loader, String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException e) {
            return null; // then it may be the jar's own
        }
    }

    private static String resource(String className) {
        return className.replace('.', '/') + ".class";
    }

    private boolean has(String resource) {
        return part(resource) != null;
    }

    private @Nullable Part part(String resource) {
        for (Part part : parts) {
            if (part.content.has(resource)) {
                return part;
            }
        }
        return null;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Part part = part(resource(name));
        if (part == null) {
            throw new ClassNotFoundException(name);
        }
        try {
            byte[] bytes = part.content.read(resource(name));
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            definePackageOf(name, part);
            CodeSource source =
                    new CodeSource(part.file.toUri().toURL(), (Certificate @Nullable []) null);
            return defineClass(
                    name, bytes, 0, bytes.length, new ProtectionDomain(source, null, this, null));
        } catch (IOException e) {
            throw new ClassNotFoundException(name + " of " + part.file, e);
        }
    }

    private void definePackageOf(String className, Part part) {
        int dot = className.lastIndexOf('.');
        String name = dot < 0 ? "" : className.substring(0, dot);
        if (name.isEmpty() || getDefinedPackage(name) != null) {
            return;
        }
        Manifest manifest = part.content.manifest();
        Attributes all = manifest == null ? new Attributes() : manifest.getMainAttributes();
        try {
            definePackage(
                    name,
                    all.getValue(Attributes.Name.SPECIFICATION_TITLE),
                    all.getValue(Attributes.Name.SPECIFICATION_VERSION),
                    all.getValue(Attributes.Name.SPECIFICATION_VENDOR),
                    all.getValue(Attributes.Name.IMPLEMENTATION_TITLE),
                    all.getValue(Attributes.Name.IMPLEMENTATION_VERSION),
                    all.getValue(Attributes.Name.IMPLEMENTATION_VENDOR),
                    null);
        } catch (IllegalArgumentException e) {
            // Another thread has defined it meanwhile, which is as good.
            if (getDefinedPackage(name) == null) {
                throw e;
            }
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own != null || isOwnService(name) ? own : getParent().getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = Collections.list(findResources(name));
        if (!isOwnService(name)) {
            all.addAll(Collections.list(getParent().getResources(name)));
        }
        return Collections.enumeration(all);
    }

    /** A library of the jar's own does not find the engine's providers for its namesake. */
    private boolean isOwnService(String resource) {
        if (!resource.startsWith(SERVICES)) {
            return false;
        }
        String type = resource.substring(SERVICES.length());
        return !SharedPackages.areTheEngines(type) && has(resource(type));
    }

    @Override
    protected @Nullable URL findResource(String name) {
        Part part = part(name);
        return part == null ? null : url(part, name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        List<URL> found = new ArrayList<>();
        for (Part part : parts) {
            if (part.content.has(name)) {
                found.add(url(part, name));
            }
        }
        return Collections.enumeration(found);
    }

    private URL url(Part part, String name) {
        try {
            String path = part.file.toAbsolutePath() + INSIDE + name;
            return URL.of(new URI("extension", null, path, null), handler);
        } catch (MalformedURLException | URISyntaxException e) {
            throw new IllegalStateException(name + " of " + part.file, e);
        }
    }

    /** Opens what {@link #url} names, from memory. */
    private final class Handler extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) {
            return new Connection(url);
        }
    }

    private final class Connection extends URLConnection {
        private byte @Nullable [] content;

        Connection(URL url) {
            super(url);
        }

        @Override
        public void connect() throws IOException {
            String path = URI.create(url.toString()).getPath();
            for (Part part : parts) {
                String start = part.file.toAbsolutePath() + INSIDE;
                if (path.startsWith(start)) {
                    content = part.content.read(path.substring(start.length()));
                }
            }
            if (content == null) {
                throw new FileNotFoundException(url.toString());
            }
            connected = true;
        }

        @Override
        public int getContentLength() {
            try {
                return bytes().length;
            } catch (IOException e) {
                return -1; // as the contract says of what is not known
            }
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new ByteArrayInputStream(bytes());
        }

        private byte[] bytes() throws IOException {
            if (content == null) {
                connect();
            }
            byte[] read = content;
            if (read == null) {
                throw new FileNotFoundException(url.toString());
            }
            return read;
        }
    }
}
