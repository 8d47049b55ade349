"""The words that requests are made of."""

VERBS = """
add apply build call check clean clear close collect combine compare compute copy count create decode
delete detect draw drop encode expand extract fetch fill filter find fix flush format get group handle
hide index insert join keep limit list load lock log lookup make map mark match measure merge move
normalize open order pack parse pick plan print process pull push rank read record reduce refresh
register release remove rename render replace report reset resize resolve restore return reverse round
run save scan score search select send set shift show skip sort split start stop store strip sum swap
sync test tie toggle track trim update use validate visit wait walk wrap write
""".split()
NOUNS = """
account address amount answer area array bag balance bank batch block board body book box branch bucket
budget buffer bundle cache call card case cell center chain change channel char chart child chunk city
class client clock code color column command config content context copy corner cost count course cursor
cycle data date day deal depth device digit disk domain door edge email entry error event factor field
file filter flag floor folder form frame game gate graph grid group guest guide handle hash head header
height hint host hour house image index input item job key label layer leaf length letter level limit
line link list load lock log loop map mark mask match member memory message method metric minute mode
model module month name node note number object offset option order owner packet page pair panel part
patch path pattern peak phase pixel place plan player point pool port post price prefix query queue
range rate ratio record region report request result role room root route row rule sample scale schema
scope score screen section segment seed series session set shape shift side signal size slice slot
source space span speed stack stage state step stock store stream string style sum switch symbol table
tag task team term test text theme thread ticket time title token tool total track tree type unit user
value vector version view visit volume wall week weight width window word worker year zone
""".split()
PEOPLE = """
Ada Alan Amir Anna Arun Aya Ben Bea Boris Carla Chen Clara Dana David Dora Elif Emil Emma Erik Eva Faris
Felix Fiona Gita Grace Greta Hana Hugo Ida Igor Ines Ivan Jack Jana Jonas Julia Kai Karim Kate Lara Leo
Lena Lin Lucas Mara Marco Maya Mei Milan Mina Nadia Nils Nina Noah Nora Olga Omar Oscar Paul Pia Priya
Quinn Rafi Rita Rosa Ruth Sam Sara Simon Sofia Tara Theo Tina Tom Uma Vera Victor Wanda Will Xena Yara
Yuki Zara Zoe
""".split()
CITIES = """
Accra Athens Berlin Bern Bogota Boston Brno Cairo Cork Dakar Delhi Derby Dublin Essen Fes Geneva Ghent
Graz Hanoi Hobart Jaffa Kiel Kyoto Lagos Leeds Lima Linz London Lyon Madrid Malmo Milan Minsk Nantes
Nice Osaka Oslo Paris Perth Porto Prague Quito Reims Riga Rome Sapporo Seoul Sofia Split Tampa Tokyo
Trento Tunis Turin Vienna Wuhan York Zagreb Zurich
""".split()
COLORS = """
amber black blue bronze brown coral gold gray green indigo ivory lime olive orange pink plum red silver
teal white
""".split()
GOODS = """
apple basket bell belt bike blanket boat bottle bowl bread brush bulb cable camera candle carpet chair
cheese clock coat comb cup desk drum fan flute fork glass globe glove hammer hat honey jacket jar kettle
kite knife ladder lamp lemon lens magnet mirror mug nail needle oven paint pan paper pear pen pencil
piano pillow plate plum pot purse radio rake ring rope rug ruler saddle salt saw scarf shelf shirt shoe
soap sofa spade spoon stamp stool stove sugar table tape tent ticket toaster towel toy tray vase violin
wagon watch wheel whistle wool
""".split()
FIELDS = {  # a record's columns, and what their values are drawn from
    "city": CITIES,
    "color": COLORS,
    "owner": PEOPLE,
    "code": None,
    "price": (5, 999),
    "stock": (0, 99),
    "year": (1950, 2030),
    "weight": (1, 80),
}
