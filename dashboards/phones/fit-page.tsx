const EmptyPage = () => null
export default EmptyPage
