"""The bundled demonstration catalogue: readable sources and the script that makes a catalogue folder of them for a day.

Nothing in it is real but the guides, the answers and the places: brands, makers, products, certificates and shops are invented.
"""
