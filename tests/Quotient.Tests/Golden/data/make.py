"""Makes the golden arrays beside this script with NumPy: python3 make.py."""
import numpy as np

np.random.seed(7)
types = {}
for code in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
    for order, word in [("<", "little"), (">", "big")]:
        values = np.arange(24).reshape(2, 3, 4) - (0 if code[0] == "u" else 12)
        array = (values * (0.25 if code[0] == "f" else 1)).astype(order + code)
        types[f"{code}_{word}_rows"] = array
        types[f"{code}_{word}_columns"] = np.asfortranarray(array)
types["b1_little_rows"] = np.array([True, False, True, True])
np.savez_compressed("types.npz", **types)

np.savez(
    "images.npz",
    x=(np.arange(6 * 2 * 3 * 2) / 8).astype("f4").reshape(6, 2, 3, 2),
    y=np.array([0, 2, 1, 2, 0, 3], dtype="i8"),
)
np.savez_compressed(
    "targets.npz",
    x=np.random.randn(5, 3),
    y=np.arange(10.0).reshape(5, 2),
    x_train=np.random.randn(4, 2),
    y_train=np.array([0, 1, 1, 0], dtype="u1"),
)
np.save("vector.npy", np.array([1.5, -2.25, 1e-300, 4.0]))
with open("version2.npy", "wb") as file:
    np.lib.format.write_array(file, np.array([1.5, -2.25], dtype="f4"), version=(2, 0))
with open("version3.npy", "wb") as file:
    np.lib.format.write_array(file, np.array([3, 4, 5], dtype="i4"), version=(3, 0))
