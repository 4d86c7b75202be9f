//! Industries: LinkedIn's industry names, French and English, in LinkedIn's own groups.

use crate::fold::{fold, spaced};
use crate::score::matching::Match;
use std::collections::HashMap;
use std::sync::LazyLock;

type Names = &'static [&'static str];

/// A group of industries: its own names, and its industries with theirs. Names are folded, whole words joined
/// by one space, without “and” or “et”; the first name of an industry is its English one.
struct Group {
    names: Names,
    industries: &'static [Names],
}

macro_rules! group {
    ($($name:literal)|+ : $([$($industry:literal)|+])*) => {
        Group { names: &[$($name),+], industries: &[$(&[$($industry),+]),*] }
    };
}

/// LinkedIn's industry groups. Source: docs/rules.md, “Industries”.
const GROUPS: &[Group] = &[
    group!("technology information media" | "technologie information medias" | "technology information internet" | "technologie" | "technology" | "tech" | "technologies de l information":
        ["software" | "software development" | "computer software" | "logiciels" | "logiciel" | "developpement de logiciels" | "edition de logiciels" | "saas"]
        ["it services it consulting" | "information technology services" | "information technology" | "services informatiques" | "services conseil en informatique" | "technologies services de l information" | "conseil en informatique" | "it services" | "informatique"]
        ["internet" | "technology information internet platforms" | "internet publishing" | "plateformes internet"]
        ["telecommunications" | "telecoms"]
        ["computer network security" | "cybersecurity" | "cybersecurite" | "securite informatique reseaux"]
        ["data infrastructure analytics" | "infrastructure de donnees analyse"]
        ["computer games" | "jeux video" | "jeux electroniques"]
        ["media production" | "production de medias" | "production audiovisuelle"]
        ["newspaper publishing" | "newspapers" | "presse ecrite" | "presse"]
        ["online media" | "online audio video media" | "medias en ligne"]
        ["broadcast media" | "broadcast media production distribution" | "radio television"]
        ["publishing" | "book periodical publishing" | "edition" | "edition de livres"]
        ["information services" | "services d information"]),
    group!("professional services" | "services professionnels" | "services aux entreprises":
        ["management consulting" | "business consulting services" | "business consulting" | "conseil en management" | "conseil" | "consulting" | "services de conseil aux entreprises"]
        ["marketing advertising" | "advertising services" | "marketing services" | "services de publicite" | "marketing publicite" | "marketing" | "publicite" | "advertising"]
        ["accounting" | "comptabilite" | "expertise comptable"]
        ["legal services" | "law practice" | "services juridiques" | "cabinets d avocats" | "cabinet d avocats" | "professions juridiques"]
        ["architecture planning" | "architecture urbanisme" | "architecture"]
        ["design services" | "design" | "graphic design" | "services de design" | "design graphique"]
        ["engineering services" | "services d ingenierie" | "ingenierie" | "engineering"]
        ["research services" | "recherche" | "services de recherche" | "research"]
        ["biotechnology research" | "biotechnology" | "biotechnologie" | "biotechnologies"]
        ["public relations communications services" | "public relations communications" | "relations publiques communication" | "relations publiques"]
        ["market research" | "etudes de marche"]
        ["photography" | "photographie"]
        ["human resources services" | "human resources" | "ressources humaines" | "services de ressources humaines"]
        ["translation localization" | "traduction adaptation locale"]
        ["veterinary services" | "veterinary" | "services veterinaires"]
        ["environmental services" | "services pour l environnement"]),
    group!("administrative support services" | "services administratifs assistance":
        ["staffing recruiting" | "recrutement placement de personnel" | "recrutement" | "staffing" | "recruiting"]
        ["events services" | "evenementiel" | "services d evenementiel"]
        ["facilities services" | "services aux collectivites" | "facility management"]
        ["security investigations" | "securite enquetes" | "security"]
        ["outsourcing offshoring consulting" | "outsourcing offshoring" | "externalisation delocalisation"]
        ["travel arrangements" | "leisure travel tourism" | "travel tourism" | "organisation de voyages" | "tourisme"]
        ["office administration" | "administration de bureaux"]
        ["executive search services" | "executive offices"]),
    group!("financial services" | "services financiers" | "finance":
        ["banking" | "secteur bancaire" | "banque" | "banques"]
        ["insurance" | "assurances" | "assurance" | "insurance carriers"]
        ["investment management" | "gestion de portefeuilles" | "asset management"]
        ["investment banking" | "banque d affaires"]
        ["venture capital private equity principals" | "venture capital private equity" | "venture capital" | "private equity" | "capital risque fonds propres" | "capital risque"]
        ["capital markets" | "marches des capitaux"]
        ["fintech"]),
    group!("manufacturing" | "fabrication" | "industrie" | "industrie manufacturiere":
        ["food beverage manufacturing" | "food production" | "food beverages" | "food beverage services manufacturing" | "production alimentaire" | "agroalimentaire" | "industrie agroalimentaire" | "fabrication de produits alimentaires boissons" | "aliments boissons"]
        ["machinery manufacturing" | "machinery" | "industrial machinery manufacturing" | "machines equipements" | "fabrication de machines" | "mechanical or industrial engineering" | "genie mecanique ou industriel"]
        ["industrial automation" | "automation machinery manufacturing" | "automatismes industriels" | "automatisation industrielle"]
        ["textile manufacturing" | "textiles" | "textile" | "industrie textile" | "apparel fashion" | "mode" | "retail apparel fashion" | "fabrication de textiles"]
        ["chemical manufacturing" | "chemicals" | "chimie" | "industrie chimique" | "industries chimiques"]
        ["pharmaceutical manufacturing" | "pharmaceuticals" | "industrie pharmaceutique" | "pharmaceutique"]
        ["medical equipment manufacturing" | "medical devices" | "dispositifs medicaux" | "equipements medicaux"]
        ["motor vehicle manufacturing" | "automotive" | "automobile" | "construction automobile"]
        ["aviation aerospace component manufacturing" | "aviation aerospace" | "aviation aerospatiale" | "aeronautique aerospatiale" | "aeronautique"]
        ["defense space manufacturing" | "defense space" | "defense espace" | "defense"]
        ["computer hardware manufacturing" | "computer hardware" | "materiel informatique"]
        ["semiconductor manufacturing" | "semiconductors" | "semi conducteurs" | "semiconducteurs"]
        ["appliances electrical electronics manufacturing" | "electrical electronic manufacturing" | "industrie electrique electronique" | "electronique"]
        ["plastics manufacturing" | "plastics" | "plastiques" | "plasturgie"]
        ["packaging containers manufacturing" | "packaging containers" | "emballages conteneurs" | "emballage"]
        ["paper forest product manufacturing" | "paper forest products" | "papier produits forestiers"]
        ["furniture home furnishings manufacturing" | "furniture" | "ameublement" | "meubles"]
        ["printing services" | "printing" | "imprimerie"]
        ["cosmetics" | "personal care product manufacturing" | "cosmetiques"]
        ["luxury goods jewelry" | "produits de luxe bijouterie" | "luxe"]
        ["mining metals" | "primary metal manufacturing" | "metallurgie"]
        ["glass ceramics concrete manufacturing" | "verre ceramique beton"]
        ["shipbuilding" | "construction navale"]
        ["wine spirits" | "vins spiritueux" | "beverage manufacturing"]),
    group!("hospitals health care" | "sante" | "health care" | "healthcare" | "hospital health care" | "hopitaux services de sante" | "soins de sante":
        ["hospitals" | "hopitaux" | "hospitals clinics"]
        ["medical practices" | "medical practice" | "cabinets medicaux" | "medecine"]
        ["dentists" | "dental practice" | "dentistes" | "cabinets dentaires"]
        ["mental health care" | "sante mentale"]
        ["wellness fitness services" | "health wellness fitness" | "sante bien etre" | "bien etre"]
        ["home health care services" | "soins a domicile"]
        ["community services" | "individual family services" | "services a la personne"]),
    group!("transportation logistics supply chain storage" | "transport logistique chaine d approvisionnement stockage" | "transport logistique" | "transportation logistics":
        ["logistics" | "logistics supply chain" | "freight package transportation" | "logistique" | "logistique chaine d approvisionnement" | "transport de fret" | "supply chain"]
        ["truck transportation" | "transportation" | "transportation trucking railroad" | "transport routier" | "transports" | "transport"]
        ["warehousing storage" | "warehousing" | "entreposage stockage" | "entreposage"]
        ["airlines aviation" | "airlines" | "compagnies aeriennes aviation" | "transport aerien"]
        ["maritime transportation" | "maritime" | "transport maritime"]
        ["rail transportation" | "transport ferroviaire"]
        ["import export" | "international trade development"]),
    group!("construction" | "batiment" | "btp" | "batiment travaux publics":
        ["building construction" | "construction de batiments"]
        ["civil engineering" | "genie civil"]
        ["building materials" | "materiaux de construction" | "wholesale building materials"]
        ["specialty trade contractors" | "travaux specialises" | "entrepreneurs specialises"]),
    group!("retail" | "commerce de detail" | "vente au detail" | "distribution":
        ["e commerce" | "ecommerce" | "online mail order retail" | "commerce en ligne" | "vente en ligne"]
        ["retail groceries" | "supermarkets" | "grande distribution" | "supermarches" | "alimentation de detail"]
        ["retail luxury goods jewelry" | "commerce de detail de luxe"]
        ["retail motor vehicles" | "concessions automobiles" | "vente de vehicules"]
        ["retail office equipment" | "retail furniture"]
        ["consumer goods" | "biens de consommation"]),
    group!("wholesale" | "commerce de gros" | "vente en gros":
        ["wholesale import export" | "import export de gros"]
        ["wholesale food beverage" | "gros alimentaire"]
        ["wholesale computer equipment"]),
    group!("utilities" | "services publics" | "energie" | "energy" | "services d utilite publique":
        ["renewables environment" | "renewable energy power generation" | "renewable energy" | "services environnementaux energies renouvelables" | "energies renouvelables" | "energie renouvelable"]
        ["electric power generation" | "production d electricite" | "electricite"]
        ["water waste steam air conditioning services" | "water supply" | "eau" | "traitement de l eau" | "dechets"]),
    group!("oil gas mining" | "petrole gaz mines":
        ["oil gas" | "petrole gaz" | "petrole energie" | "oil energy"]
        ["mining" | "mines" | "extraction miniere"]),
    group!("real estate equipment rental services" | "immobilier location" :
        ["real estate" | "immobilier"]
        ["commercial real estate" | "immobilier commercial" | "immobilier d entreprise"]
        ["leasing non residential real estate" | "equipment rental services" | "location d equipements"]),
    group!("accommodation food services" | "hebergement restauration" | "hotellerie restauration":
        ["restaurants" | "restauration" | "restaurant"]
        ["hospitality" | "hotels motels" | "hotellerie" | "hotels"]
        ["food beverage services" | "services de restauration" | "traiteurs"]
        ["bakery" | "bakeries" | "boulangerie" | "boulangeries" | "boulangerie patisserie"]),
    group!("education" | "enseignement" | "formation":
        ["higher education" | "enseignement superieur" | "etudes superieures"]
        ["education management" | "education administration programs" | "gestion de l enseignement"]
        ["e learning" | "e learning providers" | "formation a distance"]
        ["professional training coaching" | "formation professionnelle coaching" | "formation professionnelle" | "coaching"]
        ["primary secondary education" | "enseignement primaire secondaire"]),
    group!("consumer services" | "services aux consommateurs" | "services aux particuliers":
        ["personal care services" | "coiffure" | "beauty" | "soins personnels" | "hairdressing"]
        ["nonprofit organizations" | "non profit organizations" | "non profit organization management" | "associations" | "organisations a but non lucratif"]
        ["religious institutions" | "institutions religieuses"]
        ["repair maintenance" | "vehicle repair maintenance" | "reparation entretien" | "garage"]
        ["philanthropic fundraising services" | "philanthropy" | "philanthropie"]),
    group!("entertainment providers" | "divertissement" | "entertainment" | "loisirs":
        ["sports" | "spectator sports" | "sport" | "recreational facilities" | "equipements de loisirs"]
        ["music" | "musicians" | "musique"]
        ["performing arts" | "arts du spectacle"]
        ["museums" | "museums historical sites zoos" | "musees" | "musees institutions culturelles"]
        ["gambling facilities casinos" | "jeux d argent casinos"]),
    group!("government administration" | "administration publique" | "secteur public" | "government":
        ["public policy offices" | "politique publique" | "public policy"]
        ["public safety" | "securite civile"]
        ["armed forces" | "military" | "forces armees"]
        ["international affairs" | "affaires etrangeres"]),
    group!("farming ranching forestry" | "agriculture elevage sylviculture" | "agriculture":
        ["farming" | "exploitation agricole" | "farms"]
        ["forestry logging" | "sylviculture"]
        ["fisheries" | "peche"]
        ["ranching" | "elevage"]),
    group!("holding companies" | "holdings" | "holding":),
];

/// Where a name stands: the group, and the industry within it (`None` for the group itself).
type Position = (usize, Option<usize>);

fn plain(name: &str) -> String {
    let line = spaced(&fold(&name.replace('&', " ")));
    let kept: Vec<&str> = line.split(' ').filter(|word| !word.is_empty() && !matches!(*word, "and" | "et")).collect();
    kept.join(" ")
}

static POSITIONS: LazyLock<HashMap<&'static str, Position>> = LazyLock::new(|| {
    let mut positions = HashMap::new();
    for (at, group) in GROUPS.iter().enumerate() {
        for name in group.names {
            positions.insert(*name, (at, None));
        }
        for (inner, names) in group.industries.iter().enumerate() {
            for name in *names {
                positions.insert(*name, (at, Some(inner)));
            }
        }
    }
    positions
});

fn position(name: &str) -> Option<Position> {
    POSITIONS.get(name).copied()
}

/// The English name of the LinkedIn group an industry belongs to; `None` when the table does not know it.
pub fn group_of(industry: &str) -> Option<&'static str> {
    position(&plain(industry)).map(|(group, _)| GROUPS[group].names[0])
}

/// An industry, or a whole group, read once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    plain: String,
    position: Option<Position>,
}

impl Listed {
    /// Reads a name.
    pub fn read(name: &str) -> Self {
        let plain = plain(name);
        Self { position: position(&plain), plain }
    }

    /// This industry against one that an ICP lists: exact when they are the same, or when the ICP lists the whole
    /// group; near when they are of one group. Source: docs/rules.md, “Industries”.
    pub fn compare(&self, listed: &Self) -> Match {
        if self.plain.is_empty() || listed.plain.is_empty() {
            return Match::None;
        }
        if self.plain == listed.plain {
            return Match::Exact;
        }
        match (self.position, listed.position) {
            (Some((group, inner)), Some((other, wanted))) if group == other => {
                if wanted.is_none() || inner == wanted {
                    Match::Exact
                } else {
                    Match::Near
                }
            }
            _ => Match::None,
        }
    }
}

/// The best of [`Listed::compare`] over all that an ICP lists.
pub fn best_of(industry: &str, listed: &[Listed]) -> Match {
    if listed.is_empty() {
        return Match::None;
    }
    let industry = Listed::read(industry);
    listed.iter().map(|listed| industry.compare(listed)).max().unwrap_or(Match::None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn check(industry: &str, listed: &str, expected: Match) {
        assert_eq!(best_of(industry, &[Listed::read(listed)]), expected, "{industry} for {listed}");
    }

    #[test]
    fn industries_compare_by_name_and_group() {
        check("Software", "Software", Match::Exact);
        check("Software Development", "Logiciels", Match::Exact);
        check("IT Services and IT Consulting", "Software", Match::Near);
        check("Services et conseil en informatique", "Logiciels", Match::Near);
        check("Insurance", "Banking", Match::Near);
        check("Insurance", "Financial Services", Match::Exact);
        check("Financial Services", "Insurance", Match::Near);
        check("Food production", "Manufacturing", Match::Exact);
        check("Machinery Manufacturing", "Food production", Match::Near);
        check("Logistics", "Software", Match::None);
        check("Health care", "Hospitals and Health Care", Match::Exact);
        check("Santé", "Health care", Match::Exact);
        check("Apiculture urbaine", "apiculture URBAINE", Match::Exact);
        check("Apiculture urbaine", "Software", Match::None);
        check("", "Software", Match::None);
        check("Software", "", Match::None);
    }

    #[test]
    fn no_name_stands_in_two_places() {
        let mut seen = BTreeSet::new();
        for group in GROUPS {
            for name in group.names.iter().chain(group.industries.iter().flat_map(|names| names.iter())) {
                assert_eq!(plain(name), *name, "folded form");
                assert!(seen.insert(*name), "{name} twice");
            }
        }
    }

    #[test]
    fn a_group_is_named_in_english() {
        assert_eq!(group_of("Assurances"), Some("financial services"));
        assert_eq!(group_of("Apiculture urbaine"), None);
    }
}
