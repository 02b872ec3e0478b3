package dev.cloche.packages;

import java.util.Map;
import java.util.Optional;

/** Well-known packages whose import name is not their own name; the shelf knows its own import names besides. */
final class ImportNames {
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("attr", "attrs"),
            Map.entry("bs4", "beautifulsoup4"),
            Map.entry("Bio", "biopython"),
            Map.entry("Crypto", "pycryptodome"),
            Map.entry("cv2", "opencv-python"),
            Map.entry("dateutil", "python-dateutil"),
            Map.entry("docx", "python-docx"),
            Map.entry("dotenv", "python-dotenv"),
            Map.entry("fitz", "pymupdf"),
            Map.entry("fontTools", "fonttools"),
            Map.entry("git", "gitpython"),
            Map.entry("google.protobuf", "protobuf"),
            Map.entry("jose", "python-jose"),
            Map.entry("jwt", "pyjwt"),
            Map.entry("magic", "python-magic"),
            Map.entry("markdown_it", "markdown-it-py"),
            Map.entry("mpl_toolkits", "matplotlib"),
            Map.entry("multipart", "python-multipart"),
            Map.entry("OpenSSL", "pyopenssl"),
            Map.entry("pkg_resources", "setuptools"),
            Map.entry("PIL", "pillow"),
            Map.entry("pptx", "python-pptx"),
            Map.entry("pylab", "matplotlib"),
            Map.entry("serial", "pyserial"),
            Map.entry("skimage", "scikit-image"),
            Map.entry("sklearn", "scikit-learn"),
            Map.entry("slugify", "python-slugify"),
            Map.entry("socks", "pysocks"),
            Map.entry("usb", "pyusb"),
            Map.entry("wx", "wxpython"),
            Map.entry("yaml", "pyyaml"),
            Map.entry("zmq", "pyzmq"));

    private ImportNames() {}

    /** The package that provides this import name, if it is a well-known one. */
    static Optional<String> packageFor(String module) {
        return Optional.ofNullable(KNOWN.get(module));
    }
}
